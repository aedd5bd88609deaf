import { linearPattern } from '../regexp/index.ts';
import { bounded, noOverload } from './operators.ts';
import type { Value } from './syntax.ts';
import { CelError, sizeOf, textSteps, type Steps } from './values.ts';

/** What a function does: with its receiver first where it is called on one. */
type Implementation = (args: readonly Value[], steps: Steps) => Value;

/** A function, how many arguments it takes with its receiver, and whether it is called on one, or may be. */
interface Callable {
  readonly args: readonly number[];
  readonly call: 'method' | 'function' | 'either';
  readonly run: Implementation;
}

const MAX_PATTERN = 256;

/** The functions of an expression, by name. */
export const FUNCTIONS: ReadonlyMap<string, Callable> = new Map<string, Callable>([
  ['size', { args: [1], call: 'either', run: ([value = null], steps) => size(value, steps) }],
  ['int', { args: [1], call: 'function', run: ([value = null]) => toInt(value) }],
  ['double', { args: [1], call: 'function', run: ([value = null]) => toDouble(value) }],
  ['string', { args: [1], call: 'function', run: ([value = null]) => toText(value) }],
  ['startsWith', ofTexts('startsWith', (text, other) => text.startsWith(other))],
  ['endsWith', ofTexts('endsWith', (text, other) => text.endsWith(other))],
  ['contains', ofTexts('contains', (text, other) => text.includes(other))],
  ['matches', { args: [2], call: 'either', run: matches }],
  ['lowerAscii', ofText('lowerAscii', (text) => text.replace(/[A-Z]+/g, (run) => run.toLowerCase()))],
  ['upperAscii', ofText('upperAscii', (text) => text.replace(/[a-z]+/g, (run) => run.toUpperCase()))],
  ['trim', ofText('trim', (text) => text.trim())],
]);

function ofTexts(name: string, run: (text: string, other: string) => boolean): Callable {
  return {
    args: [2],
    call: 'method',
    run: ([text = null, other = null], steps) => {
      if (typeof text !== 'string' || typeof other !== 'string') throw noOverload(name, text, other);
      steps.take(textSteps(text));
      return run(text, other);
    },
  };
}

function ofText(name: string, run: (text: string) => string): Callable {
  return {
    args: [1],
    call: 'method',
    run: ([text = null], steps) => {
      if (typeof text !== 'string') throw noOverload(name, text);
      steps.take(textSteps(text));
      return run(text);
    },
  };
}

function size(value: Value, steps: Steps): bigint {
  const found = sizeOf(value);
  if (found === undefined) throw noOverload('size', value);
  if (typeof value === 'string') steps.take(textSteps(value));
  // Of a text, the number of its characters, not of their halves.
  return BigInt(typeof value === 'string' ? Array.from(value).length : found);
}

/** In time linear in the text, for each character of the pattern. */
function matches([text = null, pattern = null]: readonly Value[], steps: Steps): boolean {
  if (typeof text !== 'string' || typeof pattern !== 'string') throw noOverload('matches', text, pattern);
  if (pattern.length > MAX_PATTERN) throw new CelError(`a pattern is longer than ${MAX_PATTERN} characters`);
  // What they repeat takes as long as if it were written out.
  if (pattern.includes('{')) throw new CelError('a pattern may have no braces');
  steps.take(1 + ((text.length * pattern.length) >> 4) + pattern.length);
  try {
    return linearPattern(pattern).test(text);
  } catch (error) {
    throw new CelError(`${pattern} is no pattern: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function toInt(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return bounded(BigInt(Math.trunc(value)));
  if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return bounded(BigInt(value));
  throw new CelError(typeof value === 'string' ? 'a text is no int' : noOverload('int', value).message);
}

function toDouble(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && /^-?\d{1,300}(\.\d{1,300})?([eE][+-]?\d{1,3})?$/.test(value)) return Number(value);
  throw new CelError(typeof value === 'string' ? 'a text is no double' : noOverload('double', value).message);
}

function toText(value: Value): string {
  if (value === null || typeof value === 'object') throw noOverload('string', value);
  return String(value);
}
