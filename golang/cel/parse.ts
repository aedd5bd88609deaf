import { CelSyntaxError, type BinaryOperator, type LoopName, type Node } from './syntax.ts';
import { tokensOf, type Token } from './tokens.ts';

/** How deep an expression may be nested. */
const MAX_DEPTH = 40;
const MAX_LENGTH = 4_096;
const LOOPS: ReadonlyMap<string, readonly number[]> = new Map([
  ['all', [2]],
  ['exists', [2]],
  ['exists_one', [2]],
  ['map', [2, 3]],
  ['filter', [2]],
]);
/** Binary operators from the weakest to the strongest. */
const LEVELS: readonly (readonly string[])[] = [
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];
const RESERVED = new Set(
  'as break const continue else for function if import in let loop package namespace return var void while'.split(' '),
);

const CONSTANTS = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Reads an expression, macros expanded. Throws CelSyntaxError. */
export function parsed(source: string): Node {
  if (source.length > MAX_LENGTH) throw new CelSyntaxError(MAX_LENGTH, `it is longer than ${MAX_LENGTH} characters`);
  const parser = new Parser(tokensOf(source));
  const node = parser.expression();
  parser.end();
  return node;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  end(): void {
    if (this.#token().kind !== 'end') throw this.#unexpected();
  }

  expression(): Node {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new CelSyntaxError(this.#token().at, 'it is nested too deeply');
    const test = this.#or();
    const node = this.#takes('?') ? this.#choice(test) : test;
    this.#depth -= 1;
    return node;
  }

  #choice(test: Node): Node {
    const yes = this.#or();
    this.#expect(':');
    return { kind: 'choice', at: test.at, test, yes, no: this.expression() };
  }

  #or(): Node {
    let left = this.#and();
    while (this.#takes('||')) left = { kind: 'or', at: left.at, left, right: this.#and() };
    return left;
  }

  #and(): Node {
    let left = this.#binary(0);
    while (this.#takes('&&')) left = { kind: 'and', at: left.at, left, right: this.#binary(0) };
    return left;
  }

  #binary(level: number): Node {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (let operator = this.#oneOf(operators); operator !== undefined; operator = this.#oneOf(operators)) {
      const right = this.#binary(level + 1);
      left = { kind: 'binary', operator: operator as BinaryOperator, at: left.at, left, right };
    }
    return left;
  }

  #unary(): Node {
    const { at } = this.#token();
    const signs: ('not' | 'negative')[] = [];
    for (let sign = this.#oneOf(['!', '-']); sign !== undefined; sign = this.#oneOf(['!', '-'])) {
      signs.push(sign === '!' ? 'not' : 'negative');
      if (signs.length > MAX_DEPTH) throw new CelSyntaxError(at, 'it is nested too deeply');
    }
    return signs.reduceRight<Node>((of, kind) => ({ kind, at, of }), this.#member());
  }

  #member(): Node {
    let node = this.#primary();
    for (let links = 0; ; links += 1) {
      if (links > MAX_DEPTH) throw new CelSyntaxError(node.at, 'it is nested too deeply');
      if (this.#takes('.')) node = this.#access(node);
      else if (this.#takes('[')) {
        node = { kind: 'index', at: node.at, of: node, index: this.expression() };
        this.#expect(']');
      } else return node;
    }
  }

  #access(of: Node): Node {
    const name = this.#name();
    if (!this.#takes('(')) return { kind: 'field', at: of.at, of, name, isTest: false };
    const args = this.#list(')');
    const counts = LOOPS.get(name);
    if (counts === undefined) return { kind: 'call', at: of.at, name, args: [of, ...args], isMethod: true };
    const [variable, ...body] = args;
    if (!counts.includes(args.length) || variable?.kind !== 'name')
      throw new CelSyntaxError(
        of.at,
        `${name} takes a name and ${counts.map((count) => count - 1).join(' or ')} expression(s)`,
      );
    return { kind: 'loop', at: of.at, name: name as LoopName, over: of, variable: variable.name, body };
  }

  #primary(): Node {
    const token = this.#token();
    const { at } = token;
    this.#next += 1;
    if (token.kind === 'literal') return { kind: 'literal', at, value: token.value };
    if (token.kind === 'name') return this.#named(token.text, at);
    if (token.kind === 'sign' && token.text === '(') {
      const inner = this.expression();
      this.#expect(')');
      return inner;
    }
    if (token.kind === 'sign' && token.text === '[') return { kind: 'list', at, items: this.#list(']') };
    if (token.kind === 'sign' && token.text === '{') return { kind: 'map', at, entries: this.#entries() };
    this.#next -= 1;
    throw this.#unexpected();
  }

  #named(name: string, at: number): Node {
    const value = CONSTANTS.get(name);
    if (value !== undefined) return { kind: 'literal', at, value };
    if (RESERVED.has(name)) throw new CelSyntaxError(at, `"${name}" is a word of the language`);
    if (!this.#takes('(')) return { kind: 'name', at, name };
    const args = this.#list(')');
    return name === 'has' ? test(args, at) : { kind: 'call', at, name, args, isMethod: false };
  }

  #list(close: string): Node[] {
    const items: Node[] = [];
    while (!this.#takes(close)) {
      if (items.length > 0) this.#expect(',');
      if (items.length > 0 && close === ']' && this.#takes(close)) break;
      items.push(this.expression());
    }
    return items;
  }

  #entries(): (readonly [Node, Node])[] {
    const entries: (readonly [Node, Node])[] = [];
    while (!this.#takes('}')) {
      if (entries.length > 0) this.#expect(',');
      if (entries.length > 0 && this.#takes('}')) break;
      const key = this.expression();
      this.#expect(':');
      entries.push([key, this.expression()]);
    }
    return entries;
  }

  #name(): string {
    const token = this.#token();
    if (token.kind !== 'name') throw this.#unexpected();
    this.#next += 1;
    return token.text;
  }

  #oneOf(texts: readonly string[]): string | undefined {
    const token = this.#token();
    if (token.kind !== 'sign' && token.kind !== 'name') return undefined;
    if (!texts.includes(token.text)) return undefined;
    this.#next += 1;
    return token.text;
  }

  #takes(sign: string): boolean {
    return this.#oneOf([sign]) !== undefined;
  }

  #expect(sign: string): void {
    if (!this.#takes(sign)) throw this.#unexpected(`"${sign}"`);
  }

  #token(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', at: this.#tokens.at(-1)?.at ?? 0 };
  }

  #unexpected(wanted = 'something else'): CelSyntaxError {
    const token = this.#token();
    const found =
      token.kind === 'end' ? 'it ends' : token.kind === 'literal' ? 'a literal stands' : `"${token.text}" stands`;
    return new CelSyntaxError(token.at, `${found} where ${wanted} is expected`);
  }
}

function test([field, ...more]: readonly Node[], at: number): Node {
  if (field?.kind !== 'field' || more.length > 0) throw new CelSyntaxError(at, 'has takes a field, such as has(a.b)');
  return { ...field, isTest: true };
}
