import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { TarReader, writeTar } from '../../../../golang/tar/index.ts';

const NAMES = {
  short: 'a/b.txt',
  'split in two fields': `a/${'long-'.repeat(30)}/${'n'.repeat(90)}.yaml`,
  'too long to be split': `a/${'n'.repeat(150)}.yaml`,
  foreign: 'a/ünï/é.txt',
  'ending in a slash where it is cut': `a/${'x'.repeat(97)}/${'n'.repeat(150)}.yaml`,
  'long and foreign': `a/${'x'.repeat(100)}/${'n'.repeat(150)}/ü.yaml`,
  'too long in bytes': `a/${'é'.repeat(45)}y.yaml`,
};
const files = Object.values(NAMES).map((name) => ({ name, data: Buffer.from(`hello ${name}`) }));
const modified = new Date('2021-01-01T00:00:00Z');

describe('what writeTar writes', () => {
  test("is what Go's archive/tar writes", () => {
    // Recorded from archive/tar of Go 1.26.8: headers with Name, Mode 0644, Size and ModTime.
    const digest = createHash('sha256').update(writeTar(files, modified)).digest('hex');
    expect(digest).toBe('8412148ac110c586118c42a7329702406509ca7301ad8802fdeb6cd556d58ac9');
  });

  test.each(Object.entries(NAMES))('is read with the same name: %s', (_, name) => {
    const reader = new TarReader({ takeEntry: () => undefined, takeFile: (path) => path });
    reader.write(writeTar([{ name, data: Buffer.from('content') }], modified));
    const [file] = reader.finish();
    expect({ name: file?.name, data: file?.data.toString() }).toEqual({ name, data: 'content' });
  });

  test.each([-1, 8 ** 11 * 1000, Number.NaN])('is an error for a time of %d ms, which no header can hold', (time) => {
    expect(() => writeTar(files, new Date(time))).toThrow(RangeError);
  });
});
