/** Powers of ten, and of two, that the suffixes of a quantity stand for. */
const TENS: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const TWOS: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** Digits that are read: nobody means a quantity with more. */
const QUANTITY = /^\+?(\d{1,40})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/;
/** Enough for the 40 digits after a point, and an exponent of -99. */
const DECIMALS = 160;

/**
 * A quantity that is not negative, such as `1.5Gi` or `1e3`, as a whole number of the smallest parts that any of them is read in, to be
 * compared with others; undefined for what is not one.
 */
export function quantityOf(value: unknown): bigint | undefined {
  const [matched, whole = '', fraction = '', exponent = '0', suffix = ''] = QUANTITY.exec(textOf(value)) ?? [];
  return matched === undefined
    ? undefined
    : BigInt(`${whole}${fraction}`) * factor(suffix, Number(exponent) - fraction.length);
}

function textOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
}

function factor(suffix: string, exponent: number): bigint {
  return 10n ** BigInt(DECIMALS + exponent + (TENS[suffix] ?? 0)) * 2n ** BigInt(TWOS[suffix] ?? 0);
}
