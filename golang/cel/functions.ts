import { linearPattern } from '../regexp/index.ts';
import { bounded, noOverload } from './operators.ts';
import type { Value } from './syntax.ts';
import { CelError, isMap, keysOf, textSteps, type Steps } from './values.ts';

/** What a function does: with its receiver first where it is called on one. */
type Implementation = (args: readonly Value[], steps: Steps) => Value;

/** A function, how many arguments it takes with its receiver, and whether it is called on one, or may be. */
interface Callable {
  readonly args: readonly number[];
  readonly call: 'method' | 'function' | 'either';
  readonly run: Implementation;
}

const MAX_PATTERN = 256;
/** What each character of a pattern takes to be compiled, and each class of Unicode, which has hundreds of ranges. */
const COMPILE_STEPS = { char: 10, unicodeClass: 1_000 };
const UNICODE_CLASS = /\\[pP]/g;
/** A group of another kind than `(?:`. */
const FLAGS = /\(\?(?!:)/;
/** As many comparisons of two characters are a step. */
const COMPARISONS_A_STEP = 256;

/** The functions of an expression, by name. */
export const FUNCTIONS: ReadonlyMap<string, Callable> = new Map<string, Callable>([
  ['size', { args: [1], call: 'either', run: ([value = null], steps) => size(value, steps) }],
  ['int', { args: [1], call: 'function', run: ([value = null]) => toInt(value) }],
  ['double', { args: [1], call: 'function', run: ([value = null]) => toDouble(value) }],
  ['string', { args: [1], call: 'function', run: ([value = null]) => toText(value) }],
  ['startsWith', ofTexts('startsWith', (text, other) => text.startsWith(other))],
  ['endsWith', ofTexts('endsWith', (text, other) => text.endsWith(other))],
  ['contains', ofTexts('contains', (text, other) => text.includes(other), searchSteps)],
  ['matches', { args: [2], call: 'either', run: matches }],
  ['lowerAscii', ofText('lowerAscii', (text) => text.replace(/[A-Z]+/g, (run) => run.toLowerCase()), runSteps)],
  ['upperAscii', ofText('upperAscii', (text) => text.replace(/[a-z]+/g, (run) => run.toUpperCase()), runSteps)],
  ['trim', ofText('trim', (text) => text.trim())],
]);

/** `stepsOf` what it takes besides reading the text. */
function ofTexts(
  name: string,
  run: (text: string, other: string) => boolean,
  stepsOf: (text: string, other: string) => number = () => 0,
): Callable {
  return {
    args: [2],
    call: 'method',
    run: ([text = null, other = null], steps) => {
      if (typeof text !== 'string' || typeof other !== 'string') throw noOverload(name, text, other);
      steps.take(textSteps(text) + stepsOf(text, other));
      return run(text, other);
    },
  };
}

/** The engine compares the other text at each place of the text, at worst to its end. */
function searchSteps(text: string, other: string): number {
  return Math.ceil((Math.max(0, text.length - other.length) * other.length) / COMPARISONS_A_STEP);
}

/** At worst every second character begins a run of its own. */
function runSteps(text: string): number {
  return text.length >> 2;
}

function ofText(name: string, run: (text: string) => string, stepsOf: (text: string) => number = () => 0): Callable {
  return {
    args: [1],
    call: 'method',
    run: ([text = null], steps) => {
      if (typeof text !== 'string') throw noOverload(name, text);
      steps.take(textSteps(text) + stepsOf(text));
      return run(text);
    },
  };
}

function size(value: Value, steps: Steps): bigint {
  if (Array.isArray(value)) return BigInt(value.length);
  if (isMap(value)) return BigInt(keysOf(value, steps).length);
  if (typeof value !== 'string') throw noOverload('size', value);
  steps.take(textSteps(value));
  // The number of its characters, not of their halves.
  let size = 0n;
  for (const _ of value) size += 1n;
  return size;
}

/** In time linear in the text, for each character of the pattern. The pattern may come from the object: no error quotes it. */
function matches([text = null, pattern = null]: readonly Value[], steps: Steps): boolean {
  if (typeof text !== 'string' || typeof pattern !== 'string') throw noOverload('matches', text, pattern);
  if (pattern.length > MAX_PATTERN) throw new CelError(`a pattern is longer than ${MAX_PATTERN} characters`);
  // What they repeat takes as long as if it were written out.
  if (pattern.includes('{')) throw new CelError('a pattern may have no braces');
  // To ignore case, the engine goes through the characters of a class one by one.
  if (FLAGS.test(pattern.replace(/\\./gs, ''))) throw new CelError('a pattern may have no flags');
  const toCompile = compileSteps(pattern);
  steps.takeOnce(pattern, toCompile);
  steps.take(1 + Math.ceil((text.length * pattern.length) / 16));
  try {
    return linearPattern(pattern).test(text);
  } catch {
    // What cannot be compiled is not kept either.
    steps.take(toCompile);
    throw new CelError('what "matches" is given is no pattern');
  }
}

function compileSteps(pattern: string): number {
  const classes = pattern.match(UNICODE_CLASS)?.length ?? 0;
  return COMPILE_STEPS.char * pattern.length + COMPILE_STEPS.unicodeClass * classes;
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
