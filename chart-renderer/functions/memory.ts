import { createHash } from 'node:crypto';
import { printAny } from '../../golang/fmt/index.ts';
import type { Json } from '../../golang/json/index.ts';
import { GoInt, GoObject, type Value } from '../../golang/reflect/index.ts';
import { type CallSite, stepsOf, type CallPath } from '../../golang/template/index.ts';

/** What calls gave in earlier renderings, by call. The values are secret. */
export type Remembered = Readonly<Record<string, Json>>;

/** Characters that all remembered values of a release may take together. */
const MAX_CHARS = 1024 * 1024;

const KEY_DIGITS = 32;

/** What the calls of one rendering are given back, and what they add. */
export class Memory {
  /** Whether calls that read the clock are remembered too. */
  readonly keepsTime: boolean;
  readonly #before: ReadonlyMap<string, Json>;
  readonly #used = new Map<string, Json>();
  readonly #counts = new WeakMap<CallPath, Map<string, number>>();
  readonly #renewalDue = new Set<string>();
  #charsLeft = MAX_CHARS;

  constructor(before: Remembered, keepsTime: boolean) {
    this.#before = new Map(Object.entries(before));
    this.keepsTime = keepsTime;
  }

  /** The name of a call: equal calls that follow each other in the rendering of one file are counted. */
  keyOf(callPath: CallPath, site: CallSite | undefined, args: readonly Value[]): string {
    const { start } = callPath;
    const call = digestOfParts([start.file, stepsOf(callPath), site?.place, args]);
    const counts = this.#counts.get(start) ?? new Map<string, number>();
    this.#counts.set(start, counts);
    const count = counts.get(call) ?? 0;
    counts.set(call, count + 1);
    return `${start.file ?? ''} ${call}${count === 0 ? '' : `.${count}`}`;
  }

  /** What the call gave first, in this rendering or an earlier one. */
  recall(key: string): Json | undefined {
    const value = this.#used.get(key) ?? this.#before.get(key);
    if (value !== undefined) this.keep(key, value);
    return value;
  }

  /** Remembers what the call gave, as long as there is room. */
  keep(key: string, value: Json): void {
    if (this.#used.has(key)) return;
    const chars = key.length + JSON.stringify(value).length;
    if (chars > this.#charsLeft) return;
    this.#charsLeft -= chars;
    this.#used.set(key, value);
  }

  /** Records what is to be reported about a value that was given back. */
  addRenewalDue({ start }: CallPath, what: string | undefined): void {
    if (what !== undefined) this.#renewalDue.add(`${start.file ?? ''}: ${what}`);
  }

  /** What is to be reported, each once, by file. */
  get renewalDue(): string[] {
    return [...this.#renewalDue];
  }

  /** What is to be remembered from now on: what was used, then what was not, that used last first, as long as there is room. */
  remembered(): Remembered {
    for (const [key, value] of this.#before) this.keep(key, value);
    return Object.fromEntries(this.#used);
  }
}

/** What is remembered, without the calls of one template, or of all in a folder, or all where the path is `*`. */
export function withoutCallsIn(remembered: Remembered, path: string): Remembered {
  const isOf = (key: string): boolean => path === '*' || key.startsWith(`${path} `) || key.startsWith(`${path}/`);
  return Object.fromEntries(Object.entries(remembered).filter(([key]) => !isOf(key)));
}

function digestOfParts(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts, asPlain)).digest('hex').slice(0, KEY_DIGITS);
}

function asPlain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof GoInt) return [value.kind, String(value.value)];
  if (value instanceof GoObject) return [value.type.name, value.fields ?? printAny(value)];
  return value instanceof Map ? [...(value as Map<string, unknown>)] : value;
}
