import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Oracle, startOracles } from '../rendering/oracle.ts';
import { probe } from '../rendering/probe.ts';

let oracles: readonly Oracle[];

beforeAll(async () => {
  oracles = await startOracles();
}, 600_000);

afterAll(() => Promise.all(oracles.map((oracle) => oracle.stop())));

const LINKS =
  'UTC Local GMT Etc/GMT Etc/GMT+5 GMT+0 Zulu EST EST5EDT HST CET WET W-SU NZ-CHAT GB GB-Eire Eire PRC ROK Cuba Asia/Kolkata Europe/Kyiv US/Pacific';
const NOT_IANA = 'nowhere europe/london EUROPE/LONDON utc PST JST ACT SystemV/EST5 GMT+5 ../UTC A/';

test('times in every zone look as in Go, with its abbreviations', async () => {
  const zones = [...Intl.supportedValuesOf('timeZone'), '', ...LINKS.split(' '), ...NOT_IANA.split(' ')];
  for (const second of [1_000_000_000, 1_300_000_000, 1_704_067_200, 1_720_000_000]) {
    const clock = `dateInZone "2006-01-02 15:04:05 MST -07:00" (int64 ${second}) .`;
    for (const oracle of oracles) {
      const different = (await probe(oracle, clock, zones)).filter(({ helm, ours }) => helm !== ours);
      // Where the letters of a zone changed without its offset, only the latest are known.
      const changed = ['Antarctica/Troll', 'Europe/Kirov'];
      expect(different.filter(({ value }) => !changed.includes(value as string))).toEqual([]);
    }
  }
});
