import { escapePattern, linearPattern } from '../../golang/regexp/index.ts';

/**
 * A test for paths by a shell pattern with the rules of Go's `filepath.Match`: `*` and `?` stop at `/`, `[a-z]` and `[^a]`,
 * backslash escapes. Throws an `Error` for a malformed pattern.
 */
export function compilePathPattern(pattern: string): (path: string) => boolean {
  if (!/[?[\\]/.test(pattern)) return starMatcher(pattern.split('*'));
  const expression = linearPattern(`^${[...patternParts(pattern)].join('')}$`, 'dot-all');
  return (path) => expression.test(path);
}

/** A test for these texts in order, with anything but a `/` between them. */
function starMatcher(texts: readonly string[]): (path: string) => boolean {
  const [first = '', ...rest] = texts;
  const last = rest.pop();
  if (last === undefined) return (path) => path === first;
  return (path) => {
    if (!path.startsWith(first)) return false;
    let at = first.length;
    for (const text of rest) {
      const found = path.indexOf(text, at);
      if (found < 0 || path.slice(at, found).includes('/')) return false;
      at = found + text.length;
    }
    return (
      path.length - last.length >= at && path.endsWith(last) && !path.slice(at, -last.length || undefined).includes('/')
    );
  };
}

function* patternParts(pattern: string): Generator<string> {
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? '';
    if (char === '*') {
      yield '[^/]*';
    } else if (char === '?') yield '[^/]';
    else if (char === '[') {
      const end = classEnd(pattern, at);
      yield characterClass(pattern.slice(at + 1, end));
      at = end;
    } else if (char === '\\') {
      at += 1;
      if (at >= pattern.length) throw malformed(pattern);
      yield escapePattern(pattern[at] ?? '');
    } else yield escapePattern(char);
  }
}

function classEnd(pattern: string, start: number): number {
  let at = pattern[start + 1] === '^' ? start + 2 : start + 1;
  const first = at;
  for (; at < pattern.length; at++) {
    if (pattern[at] === '\\') at += 1;
    else if (pattern[at] === ']') {
      if (at === first) break;
      return at;
    }
  }
  throw malformed(pattern);
}

function characterClass(body: string): string {
  const negated = body.startsWith('^');
  const items = body
    .slice(negated ? 1 : 0)
    .replace(/\\(.)|([^-\w])/gsu, (_match, escaped: string | undefined, special: string | undefined) =>
      escapePattern(escaped ?? special ?? ''),
    );
  // In Go a class may match the separator, negated or not.
  return `[${negated ? '^' : ''}${items}]`;
}

function malformed(pattern: string): Error {
  return new Error(`syntax error in pattern ${JSON.stringify(pattern)}`);
}
