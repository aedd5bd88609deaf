import { syntaxError } from './cursor.ts';
import type { AliasNode, MappingNode, Node, NodePair, ScalarNode, SequenceNode } from '../nodes.ts';
import type { Tag } from './properties.ts';
import { Scanner } from './scanner.ts';
import type { SourceText } from './source-text.ts';
import { scanAhead, type TokenStream } from './token-stream.ts';
import type { Token } from './tokens.ts';
import { tooManyNodes, YamlError } from '../yaml-error.ts';

/**
 * The root of a text's first document, undefined where there is none. Throws `YamlError` in go-yaml's words, and `limit` as soon as it
 * has more nodes than `maxNodes`.
 */
export function parseDocument(source: SourceText, maxNodes = Infinity): Node | undefined {
  return new Parser(new Scanner(source), maxNodes).document();
}

/** As `parseDocument`. A generator: it yields now and then, so that its caller can let others run. */
export function* parseDocumentInSteps(source: SourceText, maxNodes: number): Generator<undefined, Node | undefined> {
  const tokens = yield* scanAhead(new Scanner(source));
  yield;
  return new Parser(tokens, maxNodes).document();
}

/** Where a node stands; after a key in a block, its list may have the key's own indentation. */
type Place = 'block' | 'block-value' | 'flow';

const MAX_DEPTH = 1000;
const EMPTY: ScalarNode = { kind: 'scalar', text: '', isPlain: true, tag: '' };
const DEFAULT_HANDLES: readonly (readonly [string, string])[] = [
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
];

type TokenType = Token['type'];

const BEHIND_ENTRY: readonly TokenType[] = ['entry', 'block-end'];
const BEHIND_FLUSH_ENTRY: readonly TokenType[] = ['entry', 'key', 'value', 'block-end'];
const BEHIND_KEY: readonly TokenType[] = ['key', 'value', 'block-end'];
const BEHIND_FLOW_KEY: readonly TokenType[] = ['value', 'flow-entry', 'flow-mapping-end'];
const BEHIND_FLOW_VALUE: readonly TokenType[] = ['flow-entry', 'flow-mapping-end'];
const BEHIND_PAIR_KEY: readonly TokenType[] = ['value', 'flow-entry', 'flow-sequence-end'];
const BEHIND_PAIR_VALUE: readonly TokenType[] = ['flow-entry', 'flow-sequence-end'];
const BEHIND_DOCUMENT_START: readonly TokenType[] = ['directive', 'document-start', 'document-end', 'stream-end'];

/** Makes nodes of tokens by the grammar that go-yaml v2 has of YAML 1.1. */
class Parser {
  readonly #tokens: TokenStream;
  readonly #anchors = new Map<string, Node>();
  readonly #handles = new Map<string, string>();
  readonly #maxNodes: number;
  #nodes = 0;
  #depth = 0;

  constructor(tokens: TokenStream, maxNodes: number) {
    this.#maxNodes = maxNodes;
    this.#tokens = tokens;
  }

  document(): Node | undefined {
    const { type } = this.#tokens.peek();
    if (type === 'stream-end') return undefined;
    const isBare = type !== 'directive' && type !== 'document-start';
    const root = isBare ? this.#bareDocument() : this.#explicitDocument();
    // go-yaml looks at the token after the document, and no further.
    this.#tokens.peek();
    return root;
  }

  #bareDocument(): Node {
    this.#addDefaultHandles();
    return this.#node('block');
  }

  #explicitDocument(): Node {
    this.#directives();
    const { type, line } = this.#tokens.peek();
    if (type !== 'document-start') throw failure('did not find expected <document start>', line);
    this.#tokens.skip();
    return this.#nodeUnless(BEHIND_DOCUMENT_START, 'block');
  }

  #directives(): void {
    let versions = 0;
    for (let token = this.#tokens.peek(); token.type === 'directive'; token = this.#tokens.peek()) {
      const { directive, line } = token;
      if (directive.kind === 'version') {
        if (++versions > 1) throw failure('found duplicate %YAML directive', line);
        if (directive.version !== '1.1') throw failure('found incompatible YAML document', line);
      } else {
        if (this.#handles.has(directive.handle)) throw failure('found duplicate %TAG directive', line);
        this.#handles.set(directive.handle, directive.prefix);
      }
      this.#tokens.skip();
    }
    this.#addDefaultHandles();
  }

  #addDefaultHandles(): void {
    for (const [handle, prefix] of DEFAULT_HANDLES) {
      if (!this.#handles.has(handle)) this.#handles.set(handle, prefix);
    }
  }

  /** The node here, or an empty one where one of those tokens tells that there is none. */
  #nodeUnless(types: readonly TokenType[], place: Place): Node {
    return types.includes(this.#tokens.peek().type) ? EMPTY : this.#node(place);
  }

  #node(place: Place): Node {
    if (++this.#nodes > this.#maxNodes) throw tooManyNodes(this.#maxNodes);
    const first = this.#tokens.peek();
    if (first.type === 'scalar') return this.#scalar(first.text, first.isPlain, '');
    if (first.type === 'alias') return this.#alias(first.name, first.line);
    if (++this.#depth > MAX_DEPTH)
      throw new YamlError('Limit', `YAML nested more than ${MAX_DEPTH} levels deep is refused`);
    const { anchor, tag } = this.#properties(first);
    const node = this.#content(place, tag, anchor, first.line);
    this.#depth--;
    return node;
  }

  #alias(name: string, line: number): AliasNode {
    const target = this.#anchors.get(name);
    if (target === undefined) throw syntaxError(`unknown anchor '${name}' referenced`, line, undefined);
    this.#tokens.skip();
    return { kind: 'alias', name, target };
  }

  #scalar(text: string, isPlain: boolean, tag: string): ScalarNode {
    this.#tokens.skip();
    return { kind: 'scalar', text, isPlain: tag === '!' || (tag === '' && isPlain), tag };
  }

  /** Passes an anchor and a tag, in either order. */
  #properties(first: Token): Properties {
    let anchor: string | undefined;
    let tag: Extract<Token, { type: 'tag' }> | undefined;
    for (let token = first; ; token = this.#tokens.peek()) {
      if (token.type === 'anchor' && anchor === undefined) anchor = token.name;
      else if (token.type === 'tag' && tag === undefined) tag = token;
      else break;
      this.#tokens.skip();
    }
    return { anchor, tag: tag === undefined ? '' : this.#wholeTag(tag.tag, tag.line, first.line) };
  }

  #wholeTag({ handle, suffix }: Tag, line: number, startLine: number): string {
    if (handle === '') return suffix;
    const prefix = this.#handles.get(handle);
    if (prefix === undefined) throw failure('found undefined tag handle', line, startLine);
    return prefix + suffix;
  }

  #content(place: Place, tag: string, anchor: string | undefined, startLine: number): Node {
    const token = this.#tokens.peek();
    if (token.type === 'scalar') return this.#anchored(anchor, this.#scalar(token.text, token.isPlain, tag));
    const collection = this.#flowCollection(token, anchor) ?? this.#blockCollection(token, place, anchor);
    if (collection !== undefined) return collection;
    if (anchor !== undefined || tag !== '') return this.#anchored(anchor, { ...EMPTY, isPlain: tag === '', tag });
    throw failure('did not find expected node content', token.line, startLine);
  }

  #flowCollection({ type }: Token, anchor: string | undefined): Node | undefined {
    if (type === 'flow-sequence-start') return this.#sequence(anchor, (items) => this.#flowSequence(items));
    if (type === 'flow-mapping-start') return this.#mapping(anchor, (pairs) => this.#flowMapping(pairs));
    return undefined;
  }

  #blockCollection({ type }: Token, place: Place, anchor: string | undefined): Node | undefined {
    if (place === 'flow') return undefined;
    if (type === 'mapping-start') return this.#mapping(anchor, (pairs) => this.#blockMapping(pairs));
    if (type === 'sequence-start') return this.#sequence(anchor, (items) => this.#blockSequence(items));
    if (type !== 'entry' || place !== 'block-value') return undefined;
    return this.#sequence(anchor, (items) => this.#flushSequence(items));
  }

  #anchored<N extends Node>(anchor: string | undefined, node: N): N {
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return node;
  }

  #sequence(anchor: string | undefined, fill: (items: Node[]) => void): SequenceNode {
    const node = this.#anchored<SequenceNode>(anchor, { kind: 'sequence', items: [] });
    fill(node.items);
    return node;
  }

  #mapping(anchor: string | undefined, fill: (pairs: NodePair[]) => void): MappingNode {
    const node = this.#anchored<MappingNode>(anchor, { kind: 'mapping', pairs: [] });
    fill(node.pairs);
    return node;
  }

  /** Passes the token here, which begins a collection, and returns its line. */
  #begin(): number {
    const { line } = this.#tokens.peek();
    this.#tokens.skip();
    return line;
  }

  #blockSequence(items: Node[]): void {
    const start = this.#begin();
    for (let token = this.#tokens.peek(); ; token = this.#tokens.peek()) {
      if (token.type !== 'entry' && token.type !== 'block-end') {
        throw failure("did not find expected '-' indicator", token.line, start);
      }
      this.#tokens.skip();
      if (token.type === 'block-end') return;
      items.push(this.#nodeUnless(BEHIND_ENTRY, 'block'));
    }
  }

  /** A list with the indentation of the key that it belongs to: nothing tells its end but that no more entries come. */
  #flushSequence(items: Node[]): void {
    while (this.#tokens.peek().type === 'entry') {
      this.#tokens.skip();
      items.push(this.#nodeUnless(BEHIND_FLUSH_ENTRY, 'block'));
    }
  }

  #blockMapping(pairs: NodePair[]): void {
    const start = this.#begin();
    for (let token = this.#tokens.peek(); ; token = this.#tokens.peek()) {
      if (token.type !== 'key' && token.type !== 'block-end') {
        throw failure('did not find expected key', token.line, start);
      }
      this.#tokens.skip();
      if (token.type === 'block-end') return;
      pairs.push([this.#nodeUnless(BEHIND_KEY, 'block-value'), this.#valueUnless(BEHIND_KEY, 'block-value')]);
    }
  }

  /** The node after a `value` token, an empty one where that or the node is missing. */
  #valueUnless(types: readonly TokenType[], place: Place): Node {
    if (this.#tokens.peek().type !== 'value') return EMPTY;
    this.#tokens.skip();
    return this.#nodeUnless(types, place);
  }

  #flowSequence(items: Node[]): void {
    const start = this.#begin();
    for (let token = this.#tokens.peek(); token.type !== 'flow-sequence-end'; token = this.#tokens.peek()) {
      if (items.length > 0) token = this.#passComma(token, "did not find expected ',' or ']'", start);
      if (token.type === 'flow-sequence-end') break;
      items.push(token.type === 'key' ? this.#flowPair() : this.#node('flow'));
    }
    this.#tokens.skip();
  }

  #passComma(token: Token, problem: string, start: number): Token {
    if (token.type !== 'flow-entry') throw failure(problem, token.line, start);
    this.#tokens.skip();
    return this.#tokens.peek();
  }

  /** A key with its value that stands in a list without braces. */
  #flowPair(): MappingNode {
    this.#tokens.skip();
    const { type } = this.#tokens.peek();
    if (!BEHIND_PAIR_KEY.includes(type)) {
      const key = this.#node('flow');
      return { kind: 'mapping', pairs: [[key, this.#valueUnless(BEHIND_PAIR_VALUE, 'flow')]] };
    }
    // go-yaml drops that token, whatever it is.
    this.#tokens.skip();
    return { kind: 'mapping', pairs: [[EMPTY, this.#valueUnless(BEHIND_PAIR_VALUE, 'flow')]] };
  }

  #flowMapping(pairs: NodePair[]): void {
    const start = this.#begin();
    for (let token = this.#tokens.peek(); token.type !== 'flow-mapping-end'; token = this.#tokens.peek()) {
      if (pairs.length > 0) token = this.#passComma(token, "did not find expected ',' or '}'", start);
      if (token.type === 'flow-mapping-end') break;
      if (token.type === 'key') {
        this.#tokens.skip();
        pairs.push([this.#nodeUnless(BEHIND_FLOW_KEY, 'flow'), this.#valueUnless(BEHIND_FLOW_VALUE, 'flow')]);
      } else {
        pairs.push([this.#node('flow'), EMPTY]);
      }
    }
    this.#tokens.skip();
  }
}

interface Properties {
  readonly anchor: string | undefined;
  /** Whole; empty where there is none. */
  readonly tag: string;
}

/** An error of the parser, whose lines go-yaml leaves counted from 0, and which it gives no line where that is the first. */
function failure(problem: string, line: number, startLine = 0): YamlError {
  return syntaxError(problem, line, line || startLine || undefined);
}
