import { HttpError, methodNotAllowed } from './answers.ts';

/** A pattern such as `/api/releases/:namespace/:name`, and what it leads to. */
export interface Route<T> {
  readonly method: 'GET' | 'POST';
  readonly pattern: string;
  readonly target: T;
}

/** Where a path leads, with what its variables stand for. */
export interface Found<T> {
  readonly target: T;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * Finds the route of a path: each variable is one segment; undefined where there is none. HEAD is another method than GET: it would do the
 * same work, spend a code, or begin a stream that nobody reads. Throws HttpError MethodNotAllowed where there is one
 * for another method, BadRequest for a segment that is no text.
 */
export function routeOf<T>(routes: readonly Route<T>[], method: string, path: string): Found<T> | undefined {
  const matching = routes.flatMap((route) => {
    const params = paramsOf(route.pattern, path);
    return params === undefined ? [] : [{ route, params }];
  });
  const found = matching.find(({ route }) => route.method === method);
  if (found !== undefined) return { target: found.route.target, params: found.params };
  if (matching.length > 0) throw methodNotAllowed(method);
  return undefined;
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const segment = given[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== segment) return undefined;
    } else if (segment === '') return undefined;
    else params[part.slice(1)] = decoded(segment);
  }
  return params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpError(400, 'BadRequest', 'the address is not encoded as it has to be');
  }
}
