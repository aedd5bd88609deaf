import { describe, expect, test } from '@jest/globals';

import { asRange, asStrictVersion, asVersion, compareVersions, inRange } from '../../../../golang/semver/index.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

type Answer = 'true' | 'false' | 'invalid';

/** What Masterminds/semver v3.5.0 says, which Helm 3.22 uses. */
const MASTERMINDS: [range: string, version: string, answer: Answer][] = [
  ['1.2.3', '1.2.3', 'true'],
  ['=1.2.3', 'v1.2.3', 'true'],
  ['1.2', '1.2.9', 'true'],
  ['1.2', '1.3.0', 'false'],
  ['1.x', '1.9.9', 'true'],
  ['*', '1.0.0', 'true'],
  ['*', '1.0.0-rc.1', 'false'],
  ['*-0', '1.0.0-rc.1', 'true'],
  ['^1.2.3', '1.9.0', 'true'],
  ['^1.2.3', '2.0.0', 'false'],
  ['^1.2.3', '2.0.0-rc.1', 'false'],
  ['^1.2.3', '1.3.0-rc.1', 'false'],
  ['^1.2.3-0', '1.3.0-rc.1', 'true'],
  ['^1.2.3-0', '2.0.0-rc.1', 'false'],
  ['^0.2.3', '0.2.9', 'true'],
  ['^0.2.3', '0.3.0', 'false'],
  ['^0.0.3', '0.0.4', 'false'],
  ['^0.0', '0.0.9', 'true'],
  ['^0', '0.9.0', 'true'],
  ['^*', '1.0.0', 'false'],
  ['~1.2.3', '1.2.9', 'true'],
  ['~1.2.3', '1.3.0', 'false'],
  ['~1', '1.9.0', 'true'],
  ['~>1.2', '1.2.9', 'true'],
  ['~0.0.0', '5.0.0', 'true'],
  ['>11', '11.1.0', 'false'],
  ['>11', '12.0.0', 'true'],
  ['>11.1', '11.1.9', 'false'],
  ['>11.1', '11.2.0', 'true'],
  ['<=11', '11.9.9', 'true'],
  ['<=11.1', '11.1.9', 'true'],
  ['<=11.1.0', '11.1.1', 'false'],
  ['<2', '1.9.9', 'true'],
  ['>=1.0.0, <2.0.0', '1.5.0', 'true'],
  ['>=1.0.0 <2.0.0', '2.0.0', 'false'],
  ['>= 1.0.0,<2.0.0-0', '2.0.0-alpha', 'false'],
  ['1.0 - 2.0', '2.0.5', 'true'],
  ['1.0.0 - 2.0.0', '2.0.1', 'false'],
  ['1.x || >=3.0.0', '2.0.0', 'false'],
  ['1.x || >=3.0.0', '3.1.0', 'true'],
  ['1.x||3.0.0-0 - 4.0.0', '3.5.0-rc.1', 'invalid'],
  ['!=1.2.3', '1.2.3', 'false'],
  ['!=1.x', '1.5.0', 'false'],
  ['!=1.x', '2.0.0', 'true'],
  ['!=1.2.x', '1.2.0', 'false'],
  ['=>1.0.0', '1.0.0', 'true'],
  ['=<1.0.0', '1.0.0', 'true'],
  ['>=1.0.0-alpha', '1.0.0-beta', 'true'],
  ['>1.0.0-rc.2', '1.0.0-rc.10', 'true'],
  ['1.2.3+build', '1.2.3+other', 'true'],
  ['>18446744073709551614.0.0', '18446744073709551615.0.0', 'true'],
  ['>>1.0.0', '1.0.0', 'invalid'],
  ['1.2.3.4', '1.2.3', 'invalid'],
  ['latest', '1.0.0', 'invalid'],
  ['^', '1.0.0', 'invalid'],
  ['1.0.0 ||', '1.0.0', 'invalid'],
  ['18446744073709551616.0.0', '1.0.0', 'invalid'],
  ['>=1.0.0-01', '1.0.0', 'invalid'],
];

const answerOf = (rangeText: string, versionText: string): Answer => {
  const range = asRange(rangeText);
  const version = asVersion(versionText);
  if (range === undefined || version === undefined) return 'invalid';
  return inRange(version, range) ? 'true' : 'false';
};

describe('ranges', () => {
  test.each(MASTERMINDS)('%p with %p is %s, as in Masterminds/semver', (range, version, answer) => {
    expect(answerOf(range, version)).toBe(answer);
  });

  test('a range that is too long or has too many groups is not a range', () => {
    expect(asRange(`>=1.0.0${' '.repeat(600)}`)).toBeUndefined();
    expect(asRange(Array.from({ length: 33 }, () => '1').join('||'))).toBeUndefined();
  });

  test('a range designed to be slow to parse is parsed or refused at once', () => {
    const started = cpuMs();
    for (const text of [
      '1 '.repeat(255),
      `${'1.1.1-'.repeat(80)}!`,
      `${' '.repeat(500)}!`,
      '0'.repeat(512),
      '1,'.repeat(256),
    ]) {
      asRange(text);
    }
    expect(cpuMs() - started).toBeLessThan(500);
  });
});

describe('versions', () => {
  test('are ordered as semver.org says', () => {
    const ordered = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0-rc.20240628143015121.2',
      '1.0.0-rc.20240628143015122.1',
      '1.0.0',
      '1.0.9',
      '1.0.10',
      '1.2.0',
      '1.10.0',
      '2.0.0',
      '9007199254740993.0.0',
      '18446744073709551615.0.0',
    ];
    const versions = ordered.toReversed().flatMap((text) => asStrictVersion(text) ?? []);
    expect(versions.toSorted(compareVersions).map(({ original }) => original)).toEqual(ordered);
  });

  test.each([
    '1',
    '1.2',
    'v1.2.3',
    '01.2.3',
    '1.2.3-01',
    '1.2.3-',
    '1.2.3+',
    '',
    ' 1.2.3',
    '1.2.3\n',
    `1.2.3-${'a'.repeat(300)}`,
  ])('%p is not a strict version', (text) => expect(asStrictVersion(text)).toBeUndefined());
});
