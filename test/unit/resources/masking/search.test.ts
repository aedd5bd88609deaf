import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atOnce } from '../../../../resources/index.ts';
import { Search, type Span } from '../../../../resources/masking/search.ts';

/** The same by trying every value at every position. */
function spansByTrial(values: readonly string[], text: string): Span[] {
  const spans: Span[] = [];
  const longestFirst = values.toSorted((a, b) => b.length - a.length);
  for (let start = 0; start < text.length; start += 1) {
    const found = longestFirst.find((value) => text.startsWith(value, start) && isSecret(text, start, value));
    if (found === undefined) continue;
    spans.push({ start, end: start + found.length });
    start += found.length - 1;
  }
  return spans;
}

/** Short values are words only. */
function isSecret(text: string, start: number, value: string): boolean {
  const around = text.charAt(start - 1) + text.charAt(start + value.length);
  return value.length >= 8 || !/[\w-]/.test(around);
}

test('finds what trying every value at every position finds', () => {
  // Few parts, so that values begin with each other and lie in each other.
  const part = fc.constantFrom('aaaa', 'abab', 'a-b', 'b');
  const value = fc.array(part, { minLength: 2, maxLength: 5 }).map((parts) => `aa${parts.join('')}`);
  const piece = fc.oneof(fc.constantFrom('a', 'b', ' ', '"', 'x'), value);
  fc.assert(
    fc.property(fc.uniqueArray(value, { maxLength: 12 }), fc.array(piece, { maxLength: 30 }), (values, pieces) => {
      const text = [...pieces, ...values.slice(0, 2), ' ', ...values.slice(1, 3)].join('');
      expect(atOnce(new Search(values).spansIn(text))).toEqual(spansByTrial(values, text));
    }),
    { numRuns: 2_000, seed: 1 },
  );
});
