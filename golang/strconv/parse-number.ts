const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

const BASED = /^[-+]?(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])+|0|[1-9](?:_?[0-9])*)$/;

/** `strconv.ParseInt` for 64 bits; base 0 goes by the prefix. Undefined where Go returns an error. */
export function parseGoInt(text: string, base: 0 | 8 | 10): bigint | undefined {
  const valid = base === 0 ? BASED : base === 8 ? /^[-+]?[0-7]+$/ : /^[-+]?[0-9]+$/;
  if (!valid.test(text)) return undefined;
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
  const magnitude = base === 8 || (base === 0 && /^0[0-7]/.test(digits)) ? BigInt(`0o${digits}`) : BigInt(digits);
  const value = text.startsWith('-') ? -magnitude : magnitude;
  return value < MIN_INT64 || value > MAX_INT64 ? undefined : value;
}

const DECIMAL =
  /^[-+]?(?:\.[0-9](?:_?[0-9])*|[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?)(?:[eE][-+]?[0-9](?:_?[0-9])*)?$/;
const INFINITE = /^[-+]?inf(?:inity)?$/i;

/** `strconv.ParseFloat` of decimal numbers; undefined where Go returns an error. */
export function parseGoFloat(text: string): number | undefined {
  if (DECIMAL.test(text)) {
    const value = Number(text.replaceAll('_', ''));
    return Number.isFinite(value) ? value : undefined;
  }
  if (INFINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^nan$/i.test(text) ? NaN : undefined;
}
