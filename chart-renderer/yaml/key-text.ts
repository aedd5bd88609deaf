import { formatFloat } from '../go-template/index.ts';
import { integerIn, type Scalar } from './scalar.ts';
import { YamlError } from './yaml-error.ts';

const MAX_INT64 = 2n ** 63n - 1n;

/**
 * The string that a scalar becomes as the key of a mapping: whole numbers in full, others as Go writes a float of 32 bits, as
 * sigs.k8s.io/yaml does it. Throws `YamlError` for null and for numbers beyond int64. `source` is the scalar's text.
 */
export function keyText(key: Scalar, source: string): string {
  if (typeof key === 'string') return key;
  if (key === null) throw new YamlError('unsupported', 'unsupported map key of type: <nil>');
  if (typeof key === 'boolean') return String(key);
  const integer = integerIn(source);
  if (integer === undefined) return floatKey(key);
  if (integer > MAX_INT64) throw new YamlError('unsupported', `unsupported map key of type: uint64, key: ${integer}`);
  return String(integer);
}

function floatKey(key: number): string {
  if (Number.isNaN(key)) return '.nan';
  const value = Math.fround(key);
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toExponential(digits - 1));
    if (Math.fround(candidate) === value) return formatFloat(candidate, 'g', undefined);
  }
  return formatFloat(Number(value.toExponential(8)), 'g', undefined);
}
