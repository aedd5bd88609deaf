import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asStrictVersion, inRange, type Version } from '../../../golang/semver/index.ts';
import { newestFirst, pickNewest, selectorOf, versionNotFound } from '../../../registry-client/selector.ts';

const parts = fc.record({ minor: fc.nat(3), patch: fc.nat(9), suffix: fc.constantFrom('', '-rc.1', '+a', '+b') });
const items = fc
  .array(parts, { maxLength: 20 })
  .map((all) =>
    all.map(({ minor, patch, suffix }) => ({ version: asStrictVersion(`1.${minor}.${patch}${suffix}`) as Version })),
  );
const ranges = fc.constantFrom('*', '^1.1', '~1.2.0', '>=1.3.5', '1.0.x');

test('the newest version in a range is found without sorting, and the first of equal ones', () => {
  fc.assert(
    fc.property(items, ranges, (found, text) => {
      const selector = selectorOf(text);
      if (selector.kind !== 'range') throw new Error(`${text} is no range`);
      const newest = newestFirst(found).find(({ version }) => inRange(version, selector.range));
      if (newest === undefined) expect(() => pickNewest(found, selector)).toThrow(`no version is in the range ${text}`);
      else expect(pickNewest(found, selector)).toBe(newest);
    }),
  );
});

test('so are the newest versions that an error names', () => {
  fc.assert(
    fc.property(items, (found) => {
      const five = newestFirst(found).slice(0, 5);
      const names = five.map(({ version }) => version.original).join(', ');
      expect(versionNotFound('9.9.9', found).nextStep).toContain(
        found.length === 0 ? 'no versions at all' : `are ${names}`,
      );
    }),
  );
});
