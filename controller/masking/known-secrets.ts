import type { Release } from '../../crds/index.ts';
import { secretsOfRecord, type VersionRecord } from '../../records/index.ts';
import {
  atOnce,
  holdsMoreThan,
  maskInSteps,
  plainText,
  secretsInObject,
  textsAndNumbersIn,
  textsToMask,
  type KubeObject,
  type Mask,
} from '../../resources/index.ts';
import type { SourceText } from '../pass/failures/source-text.ts';
import { MAX_NODES } from '../pass/value-limits.ts';
import { readSecretValues, secretsInValues } from './secret-texts.ts';

/** A source of secrets. `plain` are its public texts, such as a name: these are not secrets. */
interface Source {
  secrets: () => Iterable<string>;
  plain: () => Iterable<string>;
  /** Does, in steps, what the secrets take to be read. */
  read?: () => Generator<undefined, void>;
}

const NOTHING = (): Iterable<string> => [];

/** What one pass over a Release has seen of secrets. */
interface Known {
  sources: Source[];
  mask?: Mask;
}

/**
 * The secrets of the Releases that passes are under way for: all text that leaves the controller goes through `mask`. Learning costs
 * nothing until there is something to mask.
 */
export class KnownSecrets {
  readonly #known = new Map<string, Known>();
  readonly #ofRecords = new WeakMap<VersionRecord, string[]>();

  /** Forgets what was known of a Release, since its next pass begins. */
  begin(key: string, { metadata, spec }: Release): void {
    const { chart, serviceAccountName } = spec;
    const names = [metadata.name, metadata.namespace, chart.name ?? '', serviceAccountName];
    // What has too many values is refused: no text of its own is worth reading them.
    const plain = (): Iterable<string> =>
      holdsMoreThan(spec.values, MAX_NODES) ? names : [...names, ...textsAndNumbersIn(spec.values)];
    this.#known.set(key, { sources: [{ secrets: NOTHING, plain }] });
  }

  /** Forgets a Release. */
  end(key: string): void {
    this.#known.delete(key);
  }

  /** Learns what comes from the Secrets of valuesFrom. */
  learnValues(key: string, texts: readonly SourceText[]): void {
    if (!texts.some(({ reference }) => reference.kind === 'Secret')) return;
    this.#learn(key, { secrets: () => secretsInValues(texts), plain: NOTHING, read: () => readSecretValues(texts) });
  }

  /** Learns all secrets of a version. */
  learnRecord(key: string, record: VersionRecord): void {
    const secrets = (): Iterable<string> => this.#ofRecords.get(record) ?? this.#readRecord(record);
    const plain = (): string[] => record.objects.map(({ object }) => object.metadata.name);
    this.#learn(key, { secrets, plain });
  }

  /** Learns what a Secret holds. */
  learnObject(key: string, object: KubeObject): void {
    this.#learn(key, { secrets: () => secretsInObject(object), plain: NOTHING });
  }

  /** The text with every secret that is known of the Release masked, and in a form that may be shown: see plainText. */
  mask(key: string, text: string): string {
    return plainText(this.#masked(key, text));
  }

  /** Like `mask`, in steps: where there are megabytes of secrets, preparing to look for them in the first text takes long. */
  *maskInSteps(key: string, text: string): Generator<undefined, string> {
    if (text !== '') yield* this.prepare(key);
    return this.mask(key, text);
  }

  /** Like `maskInSteps`, with whatever else is in the text left as it is: for a text of which only a part will be shown. */
  *maskOnlyInSteps(key: string, text: string): Generator<undefined, string> {
    if (text !== '') yield* this.prepare(key);
    return this.#masked(key, text);
  }

  /** Prepares for the first text that is masked. A generator: it yields now and then, so that its caller can let others run. */
  *prepare(key: string): Generator<undefined, void> {
    const known = this.#known.get(key);
    if (known === undefined || known.sources.length === 1 || known.mask !== undefined) return;
    const before = known.sources.length;
    for (const source of known.sources) yield* source.read?.() ?? [];
    const mask = yield* maskInSteps(valuesIn(known));
    // Not kept if something was learned meanwhile: the mask lacks it.
    if (known.sources.length === before) known.mask = mask;
  }

  /** The texts as they are read, which others may interrupt; what is to be masked of them is kept once all are. */
  *#readRecord(record: VersionRecord): Iterable<string> {
    const known = new Set<string>();
    for (const text of secretsOfRecord(record)) {
      for (const value of textsToMask([text])) known.add(value);
      yield text;
    }
    this.#ofRecords.set(record, [...known]);
  }

  #masked(key: string, text: string): string {
    const known = this.#known.get(key);
    if (known === undefined || known.sources.length === 1 || text === '') return text;
    known.mask ??= atOnce(maskInSteps(valuesIn(known)));
    return atOnce(known.mask(text));
  }

  #learn(key: string, source: Source): void {
    const known = this.#known.get(key);
    if (known === undefined) return;
    known.sources.push(source);
    delete known.mask;
  }
}

/** How many texts that give nothing to mask are read before others may run: a Secret can hold thousands that are too short. */
const EMPTY_A_TURN = 1_000;

/** What is to be masked, and undefined where others may run. */
function* valuesIn({ sources }: Known): Iterable<string | undefined> {
  const inPlain = new Set(sources.flatMap(({ plain }) => [...plain()]));
  let empty = 0;
  for (const { secrets } of sources) {
    for (const text of secrets()) {
      const values = [...textsToMask([text])].filter((value) => !inPlain.has(value));
      yield* values;
      if (values.length > 0) continue;
      empty += 1;
      if (empty % EMPTY_A_TURN === 0) yield undefined;
    }
  }
}
