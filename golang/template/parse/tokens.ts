import { quote } from '../../strconv/index.ts';

/** What a token is; the names from `block` on are keywords. */
export type TokenType =
  | 'error'
  | 'eof'
  | 'text'
  | 'leftDelim'
  | 'rightDelim'
  | 'space'
  | 'bool'
  | 'char'
  | 'charConstant'
  | 'complex'
  | 'assign'
  | 'declare'
  | 'field'
  | 'identifier'
  | 'leftParen'
  | 'rightParen'
  | 'number'
  | 'pipe'
  | 'rawString'
  | 'string'
  | 'variable'
  | Keyword;

type Keyword =
  'block' | 'break' | 'continue' | 'dot' | 'define' | 'else' | 'end' | 'if' | 'nil' | 'range' | 'template' | 'with';

/** The words that are not identifiers. */
export const KEYWORDS: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ['block', 'block'],
  ['break', 'break'],
  ['continue', 'continue'],
  ['define', 'define'],
  ['else', 'else'],
  ['end', 'end'],
  ['if', 'if'],
  ['nil', 'nil'],
  ['range', 'range'],
  ['template', 'template'],
  ['with', 'with'],
  ['true', 'bool'],
  ['false', 'bool'],
]);

const KEYWORD_TYPES: ReadonlySet<TokenType> = new Set<TokenType>(
  [...KEYWORDS.values(), 'dot' as const].filter((type) => type !== 'bool'),
);

/** The token as Go's error messages show it. */
export function describeToken(type: TokenType, text: string): string {
  if (type === 'eof') return 'EOF';
  if (KEYWORD_TYPES.has(type)) return `<${text}>`;
  if (Buffer.byteLength(text) > 10) return `${quote(Array.from(text).slice(0, 10).join(''))}...`;
  return quote(text);
}
