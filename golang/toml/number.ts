import { GoInt } from '../reflect/index.ts';
import { quote } from '../strconv/index.ts';
import { END, isDigit, shown, type TomlCursor, TomlFault } from './cursor.ts';

const NON_DECIMAL: Readonly<Record<string, readonly [name: string, digit: RegExp]>> = {
  b: ['a binary', /^[01]$/],
  o: ['an octal', /^[0-7]$/],
  x: ['a hexadecimal', /^[\da-fA-F]$/],
};

/** A number or date as it stands, and what its first characters make it. */
export interface NumberToken {
  readonly kind: 'integer' | 'float' | 'date';
  readonly text: string;
}

/** Reads on from the first digit. */
export function lexNumberOrDate(cursor: TomlCursor, start: number): NumberToken {
  const isZero = cursor.next() === '0';
  const char = cursor.next();
  const other = isZero ? NON_DECIMAL[char] : undefined;
  if (other !== undefined) return lexNonDecimal(cursor, start, other);
  // Dates have at least two digits before their first sign.
  if (isZero && !isDigit(char)) {
    cursor.back();
    return lexDecimal(cursor, start);
  }
  cursor.back();
  cursor.skip(isDigit);
  if (!'-:'.includes(cursor.peek() || ' ')) return lexDecimal(cursor, start);
  cursor.skip((next) => isDigit(next) || (next !== END && '-:Tt .Zz+'.includes(next)));
  return { kind: 'date', text: cursor.since(start).trim() };
}

function lexNonDecimal(cursor: TomlCursor, start: number, [name, digit]: readonly [string, RegExp]): NumberToken {
  const first = cursor.peek();
  if (!digit.test(first)) throw cursor.fault(`not ${name} number: '${cursor.since(start)}${first || '\0'}'`);
  cursor.skip((char) => digit.test(char) || char === '_');
  return { kind: 'integer', text: cursor.since(start) };
}

/** Reads on from digits. */
function lexDecimal(cursor: TomlCursor, start: number): NumberToken {
  cursor.skip((char) => isDigit(char) || char === '_');
  if (!/^[.eE]$/.test(cursor.peek())) return { kind: 'integer', text: cursor.since(start) };
  cursor.skip((char) => isDigit(char) || (char !== END && '_.-+eE'.includes(char)));
  return { kind: 'float', text: cursor.since(start) };
}

/** Reads on from a sign. */
export function lexSigned(cursor: TomlCursor, start: number): NumberToken {
  const char = cursor.next();
  if (char === 'i' || char === 'n') return lexNamed(cursor, start, char === 'i' ? 'nf' : 'an');
  if (char === '0' && Object.hasOwn(NON_DECIMAL, cursor.peek())) {
    throw cursor.fault(`cannot use sign with non-decimal numbers: '${cursor.since(start)}${cursor.peek()}'`);
  }
  if (char === '.') throw cursor.fault("floats must start with a digit, not '.'");
  if (!isDigit(char)) throw cursor.fault(`expected a digit but got ${shown(char)}`);
  return lexDecimal(cursor, start);
}

function lexNamed(cursor: TomlCursor, start: number, rest: string): NumberToken {
  for (const char of rest) {
    if (!cursor.accept(char)) throw cursor.fault(`invalid float: '${cursor.since(start)}'`);
  }
  return { kind: 'float', text: cursor.since(start) };
}

/** An integer's value. Throws a message where it is none. */
export function integerOfToml(text: string, line: number): GoInt {
  const refuse = (why: string): never => {
    throw new TomlFault(`Invalid integer ${quote(text)}: ${why}`, line);
  };
  if (!areUnderscoresRight(text)) refuse('underscores must be surrounded by digits');
  if (hasLeadingZero(text)) refuse('cannot have leading zeroes');
  const digits = text.replaceAll(/[_+-]/g, '');
  // Of many digits a bigint takes more than linear time.
  const isLonger = digits.replace(/^0[box]?0*/, '').length > 64;
  const value = isLonger ? undefined : BigInt(digits) * (text.startsWith('-') ? -1n : 1n);
  if (value === undefined || BigInt.asIntN(64, value) !== value) {
    throw new TomlFault(`${text} is out of range for int64`, line);
  }
  return new GoInt('int64', value);
}

/** A float's value. Throws a message where it is none. */
export function floatOfToml(text: string, line: number): number {
  const refuse = (why: string): never => {
    throw new TomlFault(`Invalid float ${quote(text)}: ${why}`, line);
  };
  const parts = text.split(/[.eE]+/).filter((part) => part !== '');
  if (!parts.every(areUnderscoresRight)) refuse('underscores must be surrounded by digits');
  if (hasLeadingZero(parts[0] ?? '')) refuse('cannot have leading zeroes');
  if (/\.(?!\d)/.test(text)) refuse("'.' must be followed by one or more digits");
  const plain = text.replaceAll('_', '');
  if (/^[-+]?nan$/.test(plain)) return Number.NaN;
  if (/^[-+]?inf$/.test(plain)) return plain.startsWith('-') ? -Infinity : Infinity;
  if (!/^[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(plain)) {
    throw new TomlFault(`Invalid float value: ${quote(text)}`, line);
  }
  const value = Number(plain);
  if (!Number.isFinite(value)) throw new TomlFault(`${text} is out of range for float64`, line);
  return value;
}

function hasLeadingZero(text: string): boolean {
  return /^0[^box]/.test(text) || /^[-+]0./.test(text);
}

function areUnderscoresRight(text: string): boolean {
  return /^[-+]?(?:nan|inf)$/.test(text) || (/[\da-fA-F]$/.test(text) && !/(?<![\da-fA-F])_/.test(text));
}
