import { formatFloat } from '../strconv/index.ts';
import { goSyntax } from './go-syntax.ts';
import type { Node } from './nodes.ts';
import { integerIn, resolveScalar, type Scalar } from './scalar.ts';
import { YamlError } from './yaml-error.ts';

const MAX_INT64 = 2n ** 63n - 1n;

/**
 * The string that a scalar becomes as the key of a mapping: whole numbers in full, others as Go writes a float of 32 bits, as
 * sigs.k8s.io/yaml does it. Undefined for null and for numbers beyond int64. `source` is the scalar's text.
 */
export function keyText(key: Scalar, source: string): string | undefined {
  if (typeof key === 'string') return key;
  if (key === null) return undefined;
  if (typeof key === 'boolean') return String(key);
  const integer = integerIn(source);
  if (integer === undefined) return floatKey(key);
  return integer > MAX_INT64 ? undefined : String(integer);
}

/** The error about a key that `keyText` knows no text for, with the value after it. */
export function unsupportedKey(source: string, value: Node): YamlError {
  const integer = integerIn(source);
  const key = integer === undefined ? '%!s(<nil>), key: <nil>' : `uint64, key: 0x${integer.toString(16)}`;
  const isNull = value.kind === 'scalar' && value.tag === '' && value.isPlain && resolveScalar(value.text) === null;
  const shown = isNull ? '<nil>' : goSyntax(value);
  return new YamlError('Unsupported', `unsupported map key of type: ${key}, value: ${shown}`);
}

function floatKey(key: number): string {
  const text = numberInText(key);
  if (text === 'NaN') return '.nan';
  return text.endsWith('Inf') ? text.replace('+', '').replace('Inf', '.inf') : text;
}

/** A float as sigs.k8s.io/yaml turns it into a string: as Go writes floats of 32 bits. */
export function numberInText(number: number): string {
  if (Number.isNaN(number)) return 'NaN';
  const value = Math.fround(number);
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toExponential(digits - 1));
    if (Math.fround(candidate) === value) return formatFloat(candidate, 'g', undefined);
  }
  return formatFloat(Number(value.toExponential(8)), 'g', undefined);
}
