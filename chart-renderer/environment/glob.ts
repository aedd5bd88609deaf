import { escapePattern, linearPattern } from '../../golang/regexp/index.ts';

/**
 * A test for file names by a pattern of `.Files.Glob`: `*` and `?` stop at `/`, `**` does not, `[a-z]`, `[!abc]`, `{a,b}`, backslash
 * escapes. A pattern that is malformed matches every name, as in Helm.
 */
export function compileGlob(pattern: string): (name: string) => boolean {
  try {
    const expression = linearPattern(`^${[...globParts(pattern)].join('')}$`, 'dot-all');
    return (name) => expression.test(name);
  } catch {
    return () => true;
  }
}

const TOKEN = /\\(.?)|\[(.[^\]]*)\]|\*\*|./gsu;

function* globParts(pattern: string): Generator<string> {
  let alternatives = 0;
  for (const [token, escaped, characters] of pattern.matchAll(TOKEN)) {
    if (escaped !== undefined) yield escapePattern(escaped);
    else if (characters !== undefined) yield characterClass(Array.from(characters));
    else if (alternatives > 0 && token === ',') yield '|';
    else if (alternatives > 0 && token === '}') {
      alternatives -= 1;
      yield ')';
    } else {
      alternatives += Number(token === '{');
      yield plainPart(token);
    }
  }
  if (alternatives > 0) throw new Error('unexpected end of input');
}

function plainPart(token: string): string {
  switch (token) {
    case '**':
      return '.*';
    case '*':
      return '[^/]*';
    case '?':
      return '[^/]';
    case '{':
      return '(?:';
    case '[':
      throw new Error('unexpected end of input');
    default:
      return escapePattern(token);
  }
}

function characterClass(body: readonly string[]): string {
  const negated = body[0] === '!';
  const items = negated ? body.slice(1) : body;
  const isRange = items.length === 3 && items[1] === '-';
  const inner = isRange
    ? `${escapePattern(items[0] ?? '')}-${escapePattern(items[2] ?? '')}`
    : items.map(escapePattern).join('');
  return `[${negated ? '^' : ''}${inner}]`;
}
