import { CHOMPING_MODE, type Event, EVENT_ID, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { Aliases } from './aliases.ts';
import { keyText } from './key-text.ts';
import { parseSource } from './source.ts';
import { resolveScalar, type Scalar } from './scalar.ts';
import { tagOf, taggedScalar } from './tags.ts';
import { YamlError } from './yaml-error.ts';

/** What YAML holds, with its mappings as plain objects; every key is an own property, `__proto__` too. */
export type YamlValue = Scalar | YamlValue[] | { [key: string]: YamlValue };

/** What YAML holds, with its mappings as `Map`s. */
export type YamlMapValue = Scalar | YamlMapValue[] | Map<string, YamlMapValue>;

/**
 * The first document of a text as Helm reads it: by YAML 1.1's rules as go-yaml follows them, every number a float64, later keys
 * over earlier ones. Throws `YamlError`.
 */
export function readYaml(text: string): YamlValue {
  return new Reader<YamlValue, Record<string, YamlValue>>(text, OBJECTS).read();
}

/** As `readYaml`, with `Map`s for mappings. */
export function readYamlMaps(text: string): YamlMapValue {
  return new Reader<YamlMapValue, Map<string, YamlMapValue>>(text, MAPS).read();
}

interface Containers<V, M> {
  readonly create: () => M & V;
  readonly set: (mapping: M, key: string, value: V) => void;
}

const MAPS: Containers<YamlMapValue, Map<string, YamlMapValue>> = {
  create: () => new Map(),
  set: (mapping, key, value) => void mapping.set(key, value),
};

const OBJECTS: Containers<YamlValue, Record<string, YamlValue>> = {
  create: () => ({}),
  set: (mapping, key, value) => {
    if (key !== '__proto__') mapping[key] = value;
    else Object.defineProperty(mapping, key, { value, writable: true, enumerable: true, configurable: true });
  },
};

/** Builds the value of a document from the parser's events; `at` is the next event. */
class Reader<V, M> {
  private readonly text: string;
  private readonly containers: Containers<V, M>;
  private readonly events: readonly Event[];
  private readonly aliases: Aliases;
  private at = 0;

  constructor(text: string, containers: Containers<V, M>) {
    const source = parseSource(text);
    this.text = source.text;
    this.events = source.events;
    this.containers = containers;
    this.aliases = new Aliases(source.text, source.events);
  }

  read(): V {
    if (this.events.length === 0) return null as V;
    this.at = 1;
    return this.value();
  }

  private value(): V {
    this.aliases.count();
    const event = this.next();
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return finite(this.scalar(event)) as V;
      case EVENT_ID.MAPPING: {
        const mapping = this.containers.create();
        this.fill(mapping);
        return mapping;
      }
      case EVENT_ID.SEQUENCE: {
        const items: V[] = [];
        while (!this.atPop()) items.push(this.value());
        return items as V;
      }
      case EVENT_ID.ALIAS:
        return this.aliased(() => this.value());
      case EVENT_ID.DOCUMENT:
      case EVENT_ID.POP:
        throw new YamlError('syntax', 'the document ends where a value should be');
    }
  }

  /** Whether the collection ends here; its end is then passed. */
  private atPop(): boolean {
    if (this.events[this.at]?.type !== EVENT_ID.POP) return false;
    this.at++;
    return true;
  }

  private next(): Event {
    return this.events[this.at++] as Event;
  }

  /** Reads the pairs of a mapping; a merge overrides the keys before it, as go-yaml v2 has it. */
  private fill(mapping: M): void {
    while (!this.atPop()) {
      if (this.atMerge()) {
        this.at++;
        this.merge(mapping);
        continue;
      }
      const key = this.key();
      this.containers.set(mapping, key, this.value());
    }
  }

  private atMerge(): boolean {
    const event = this.events[this.at];
    if (event?.type !== EVENT_ID.SCALAR || event.valueEnd - event.valueStart !== 2) return false;
    if (!this.text.startsWith('<<', event.valueStart)) return false;
    return event.tagStart < 0 ? event.style === SCALAR_STYLE.PLAIN : /^!$|merge>?$/.test(tagOf(this.text, event));
  }

  private merge(mapping: M): void {
    if (this.events[this.at]?.type !== EVENT_ID.SEQUENCE) return this.mergeOne(mapping);
    this.at++;
    const starts: number[] = [];
    for (; !this.atPop(); this.skip()) starts.push(this.at);
    const end = this.at;
    for (const start of starts.reverse()) {
      this.at = start;
      this.mergeOne(mapping);
    }
    this.at = end;
  }

  private mergeOne(mapping: M): void {
    this.aliases.count();
    const event = this.next();
    if (event.type === EVENT_ID.MAPPING) this.fill(mapping);
    else if (event.type === EVENT_ID.ALIAS && this.aliases.targetEvent(this.at - 1).type === EVENT_ID.MAPPING) {
      this.aliased(() => this.mergeOne(mapping));
    } else throw new YamlError('syntax', 'map merge requires map or sequence of maps as the value');
  }

  /** Reads what the alias just passed stands for, anew: nothing is shared between its uses. */
  private aliased<T>(read: () => T): T {
    const after = this.at;
    this.at = this.aliases.enter(after - 1);
    const result = read();
    this.at = after;
    this.aliases.leave(after - 1);
    return result;
  }

  private skip(): void {
    let depth = 0;
    do {
      const { type } = this.next();
      if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth++;
      else if (type === EVENT_ID.POP) depth--;
    } while (depth > 0);
  }

  private key(): string {
    this.aliases.count();
    const event = this.next();
    if (event.type === EVENT_ID.ALIAS) return this.aliased(() => this.key());
    if (event.type !== EVENT_ID.SCALAR) throw new YamlError('syntax', 'invalid map key: a key must be a single value');
    return keyText(this.scalar(event), this.decoded(event));
  }

  /** The scalar's text; a block scalar that the end of the text cuts off has no line break there, as libyaml has it. */
  private decoded(event: ScalarEvent): string {
    const value = getScalarValue(this.text, event);
    const atEnd = event.valueEnd === this.text.length && event.style >= SCALAR_STYLE.LITERAL_BLOCK;
    if (!atEnd || event.chomping === CHOMPING_MODE.STRIP || this.text.endsWith('\n')) return value;
    return value.endsWith('\n') ? value.slice(0, -1) : value;
  }

  private scalar(event: ScalarEvent): Scalar {
    const plain = event.style === SCALAR_STYLE.PLAIN;
    const value = event.fast ? this.text.slice(event.valueStart, event.valueEnd) : this.decoded(event);
    if (event.tagStart >= 0) return taggedScalar(tagOf(this.text, event), value);
    return plain ? resolveScalar(value) : value;
  }
}

function finite(value: Scalar): Scalar {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  throw new YamlError('unsupported', `json: unsupported value: ${name}`);
}
