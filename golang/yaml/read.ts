import { setKey } from '../json/index.ts';
import { Aliases } from './aliases.ts';
import { goSyntax } from './go-syntax.ts';
import { keyText, numberInText, unsupportedKey } from './key-text.ts';
import type { AliasNode, MappingNode, Node, ScalarNode } from './nodes.ts';
import { parseDocument, parseDocumentInSteps } from './scan/parser.ts';
import { type MappingBuilder, NEEDS_WHOLE_READER, readFastBlock } from './fast/block.ts';
import { integerIn, resolveScalar, type Scalar } from './scalar.ts';
import { type SourceText, sourceTextOf } from './scan/source-text.ts';
import { isMergeTag, taggedScalar } from './tags.ts';
import { YamlError } from './yaml-error.ts';

/** What YAML holds, with its mappings as plain objects; every key is an own property, `__proto__` too. */
export type YamlValue = Scalar | YamlValue[] | { [key: string]: YamlValue };

/** What YAML holds before it becomes JSON: whole numbers are `bigint`s, others numbers, which may be infinite or NaN. */
export type TypedYaml = Scalar | bigint | TypedYaml[] | { [key: string]: TypedYaml };

/** What YAML holds, with its mappings as `Map`s. */
export type YamlMapValue = Scalar | YamlMapValue[] | Map<string, YamlMapValue>;

/**
 * The first document of a text as Helm reads it: by YAML 1.1's rules as go-yaml follows them, every number a float64, later keys
 * over earlier ones. Throws `YamlError`: `limit` as soon as there are more than `maxNodes` keys and values.
 */
export function readYaml(text: string | Uint8Array, maxNodes = Infinity): YamlValue {
  return new Reader<YamlValue, Record<string, YamlValue>>(OBJECTS, maxNodes).read(text);
}

/** As `readYaml`. A generator: it yields now and then, so that its caller can let others run. */
export function readYamlInSteps(text: string, maxNodes: number): Generator<undefined, YamlValue> {
  return new Reader<YamlValue, Record<string, YamlValue>>(OBJECTS, maxNodes).readInSteps(text);
}

/** As `readYaml`, with `Map`s for mappings. */
export function readYamlMaps(text: string | Uint8Array): YamlMapValue {
  return new Reader<YamlMapValue, Map<string, YamlMapValue>>(MAPS).read(text);
}

/** As `readYaml`, with numbers as go-yaml tells them apart; throws nothing where only JSON does not know a number. */
export function readTypedYaml(text: string | Uint8Array): TypedYaml {
  return new Reader<TypedYaml, Record<string, TypedYaml>>(TYPED).read(text);
}

/** As `readYaml`, with what `wholeNumber` makes of the whole numbers that a float64 does not hold exactly. */
export function readExactYaml(text: string, wholeNumber: (exact: bigint) => number | bigint): TypedYaml {
  const number = (value: number, digits: string): number | bigint | undefined => {
    const integer = Number.isSafeInteger(value) ? undefined : integerIn(digits);
    return integer === undefined ? finiteOnly(value) : wholeNumber(integer);
  };
  return new Reader<TypedYaml, Record<string, TypedYaml>>({ ...TYPED, number }).read(text);
}

function finiteOnly(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

const MAPS: MappingBuilder<YamlMapValue, Map<string, YamlMapValue>> = {
  create: () => new Map(),
  set: (mapping, key, value) => void mapping.set(key, value),
  number: finiteOnly,
};

const OBJECTS: MappingBuilder<YamlValue, Record<string, YamlValue>> = {
  create: () => ({}),
  set: setKey,
  number: finiteOnly,
};

const TYPED: MappingBuilder<TypedYaml, Record<string, TypedYaml>> = {
  create: () => ({}),
  set: setKey,
  number: (value, text) => integerIn(text) ?? value,
};

const STACK_IS_FULL = /call stack/;

/** Builds the value of a document from its nodes. */
class Reader<V, M> {
  readonly #builder: MappingBuilder<V, M>;
  readonly #maxNodes: number;
  readonly #aliases: Aliases;
  /** What conversion to JSON refuses, which go-yaml finds only when all is decoded. */
  #refusal: YamlError | undefined;

  constructor(builder: MappingBuilder<V, M>, maxNodes = Infinity) {
    this.#builder = builder;
    this.#maxNodes = maxNodes;
    this.#aliases = new Aliases(maxNodes);
  }

  read(input: string | Uint8Array): V {
    try {
      const source = sourceTextOf(input);
      const read = this.#readFast(source);
      return read === NEEDS_WHOLE_READER ? this.#valueOf(parseDocument(source, this.#maxNodes)) : read;
    } catch (error) {
      throw withoutStack(error);
    }
  }

  *readInSteps(input: string): Generator<undefined, V> {
    try {
      const source = sourceTextOf(input);
      yield;
      const read = this.#readFast(source);
      yield;
      if (read !== NEEDS_WHOLE_READER) return read;
      const root = yield* parseDocumentInSteps(source, this.#maxNodes);
      yield;
      return this.#valueOf(root);
    } catch (error) {
      throw withoutStack(error);
    }
  }

  #readFast(source: SourceText): V | typeof NEEDS_WHOLE_READER {
    return source.isSimple ? readFastBlock(source.text, this.#builder, this.#maxNodes) : NEEDS_WHOLE_READER;
  }

  #valueOf(root: Node | undefined): V {
    const value = root === undefined ? (null as V) : this.#value(root);
    if (this.#refusal !== undefined) throw this.#refusal;
    return value;
  }

  #value(node: Node): V {
    this.#aliases.count();
    switch (node.kind) {
      case 'scalar':
        return this.#scalar(node);
      case 'mapping': {
        const mapping = this.#builder.create();
        this.#fill(mapping, node);
        return mapping;
      }
      case 'sequence':
        return node.items.map((item) => this.#value(item)) as V;
      case 'alias':
        return this.#aliased(node, () => this.#value(node.target));
    }
  }

  /** Reads the pairs of a mapping; a merge overrides the keys before it, as go-yaml v2 has it. */
  #fill(mapping: M, { pairs }: MappingNode): void {
    for (const [key, value] of pairs) {
      if (isMerge(key)) this.#merge(mapping, value);
      else this.#put(mapping, key, value);
    }
  }

  #put(mapping: M, key: Node, value: Node): void {
    const name = this.#key(key, value);
    this.#builder.set(mapping, name, this.#value(value));
  }

  #merge(mapping: M, value: Node): void {
    if (value.kind !== 'sequence') return this.#mergeOne(mapping, value);
    for (const item of value.items.toReversed()) this.#mergeOne(mapping, item);
  }

  #mergeOne(mapping: M, node: Node): void {
    this.#aliases.count();
    if (node.kind === 'mapping') return this.#fill(mapping, node);
    if (node.kind === 'alias' && node.target.kind === 'mapping') {
      const { target } = node;
      return this.#aliased(node, () => this.#mergeOne(mapping, target));
    }
    throw new YamlError('Syntax', 'yaml: map merge requires map or sequence of maps as the value');
  }

  /** Reads what the alias stands for, anew: nothing is shared between its uses. */
  #aliased<T>(alias: AliasNode, read: () => T): T {
    this.#aliases.enter(alias);
    const result = read();
    this.#aliases.leave(alias);
    return result;
  }

  #key(node: Node, value: Node): string {
    this.#aliases.count();
    if (node.kind === 'alias') return this.#aliased(node, () => this.#key(node.target, value));
    if (node.kind !== 'scalar') {
      // What is wrong inside of it comes first.
      this.#value(node);
      throw new YamlError('Syntax', `yaml: invalid map key: ${goSyntax(node)}`);
    }
    const key = keyText(scalarOf(node), node.text);
    if (key === undefined) this.#refusal ??= unsupportedKey(node.text, value);
    return key ?? '';
  }

  #scalar(node: ScalarNode): V {
    const value = scalarOf(node);
    if (typeof value !== 'number') return value as V;
    const number = this.#builder.number(value, node.text);
    if (number !== undefined) return number;
    this.#refusal ??= new YamlError('Unsupported', `json: unsupported value: ${numberInText(value)}`);
    return null as V;
  }
}

/** The error, as a typed one where maps within maps took more stack for each level than there was left. */
function withoutStack(error: unknown): unknown {
  if (!(error instanceof RangeError) || !STACK_IS_FULL.test(error.message)) return error;
  return new YamlError('Limit', 'YAML is nested too deeply', undefined, { cause: error });
}

function scalarOf({ text, isPlain, tag }: ScalarNode): Scalar {
  if (tag !== '') return taggedScalar(tag, text);
  return isPlain ? resolveScalar(text) : text;
}

function isMerge(node: Node): boolean {
  return node.kind === 'scalar' && node.text === '<<' && (node.isPlain || isMergeTag(node.tag));
}
