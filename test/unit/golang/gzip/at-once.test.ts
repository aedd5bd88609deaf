import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gunzip } from '../../../../golang/gzip/index.ts';

/** What follows a member counts as packed with it: with this behind it, nothing is inflated at once. */
const LARGE = gzipSync(Buffer.from(Array.from({ length: 1_100_000 }, (_, index) => (index * index * 31) >> 7)), {
  level: 0,
});

async function contentOf(packed: Uint8Array, chars?: number): Promise<string> {
  let text = '';
  for await (const chunk of gunzip(packed)) {
    text += chunk.toString('latin1');
    if (chars !== undefined && text.length >= chars) break;
  }
  return text.slice(0, chars);
}

test('inflating at once gives the same result as inflating a stream', async () => {
  const part = fc.record({
    bytes: fc.uint8Array({ maxLength: 200 }),
    times: fc.constantFrom(1, 40, 20_000),
    level: fc.constantFrom(0, 1, 9),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
      const contents = parts.map(({ bytes, times }) => Buffer.concat(Array.from({ length: times }, () => bytes)));
      const members = contents.map((content, index) => gzipSync(content, { level: parts[index]?.level }));
      const whole = Buffer.concat(contents).toString('latin1');
      expect(await contentOf(Buffer.concat(members))).toBe(whole);
      expect(await contentOf(Buffer.concat([...members, LARGE]), whole.length)).toBe(whole);
    }),
    { numRuns: 50, seed: 1 },
  );
});
