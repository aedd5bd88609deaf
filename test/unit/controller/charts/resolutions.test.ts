import { beforeEach, describe, expect, test } from '@jest/globals';
import { Resolutions, type Question } from '../../../../controller/charts/resolutions.ts';
import { RegistryError, type ResolvedChart } from '../../../../registry-client/index.ts';

const HOUR_MS = 3_600_000;
const MANY = Array.from({ length: 200 }, (_, index) => index);

const version = (text: string): ResolvedChart => ({ version: text, digest: `sha256:${text.padEnd(64, '0')}` });
const down = new RegistryError({ code: 'Unavailable', transient: true, reason: 'down' });

let resolutions: Resolutions;
let now: number;
let asked: number;
let registry: () => Promise<ResolvedChart>;

beforeEach(() => {
  now = 0;
  resolutions = new Resolutions(() => now);
  asked = 0;
  registry = async () => version('1.0.0');
});

const question = (key = 'a', place = 'host/charts/web'): Question => ({
  key,
  place,
  ask: () => {
    asked++;
    return registry();
  },
});
const versionNow = async (maxAgeMs: number, key?: string): Promise<string | undefined> =>
  (await resolutions.resolve(question(key), maxAgeMs)).chart?.version;

describe('sharing', () => {
  test('however many ask at once or within the interval, the registry is asked once', async () => {
    await Promise.all(MANY.map(() => versionNow(HOUR_MS)));
    await Promise.all(MANY.map(() => versionNow(HOUR_MS)));
    expect(asked).toBe(1);
  });

  test('other keys are separate questions', async () => {
    await Promise.all([versionNow(HOUR_MS, 'a'), versionNow(HOUR_MS, 'b')]);
    expect(asked).toBe(2);
  });

  test('after the interval the registry is asked again, a little before the end', async () => {
    const dues = await Promise.all(
      MANY.map(async (index) => {
        await versionNow(HOUR_MS, `chart-${index}`);
        return resolutions.dueInMs(`chart-${index}`, HOUR_MS) ?? 0;
      }),
    );
    expect(Math.max(...dues)).toBeLessThanOrEqual(HOUR_MS);
    expect(Math.min(...dues)).toBeGreaterThan(0.89 * HOUR_MS);
    // They spread: not all are due in the same minute.
    expect(Math.max(...dues) - Math.min(...dues)).toBeGreaterThan(60_000);

    await versionNow(20);
    now += 20;
    expect(resolutions.dueInMs('a', 20)).toBeUndefined();
    registry = async () => version('1.1.0');
    expect(await versionNow(20)).toBe('1.1.0');
  });
});

describe('a push', () => {
  test('forgets the answers for that repository, and for no other', async () => {
    await versionNow(HOUR_MS);
    await resolutions.resolve(question('b', 'host/charts/other'), HOUR_MS);
    registry = async () => version('2.0.0');
    resolutions.forgetPlace('host/charts/web');
    expect(await versionNow(HOUR_MS)).toBe('2.0.0');
    await resolutions.resolve(question('b', 'host/charts/other'), HOUR_MS);
    expect(asked).toBe(3);
  });

  test('makes an answer that is still under way invalid for later questions', async () => {
    const slow = Promise.withResolvers<ResolvedChart>();
    registry = () => slow.promise;
    const before = versionNow(HOUR_MS);
    resolutions.forgetPlace('host/charts/web');
    registry = async () => version('2.0.0');
    expect(await versionNow(HOUR_MS)).toBe('2.0.0');
    slow.resolve(version('1.0.0'));
    expect(await before).toBe('1.0.0');
    expect(await versionNow(HOUR_MS)).toBe('2.0.0');
  });
});

describe('a registry that cannot answer', () => {
  test('keeps the last answer, with the reason, and is not asked by everyone', async () => {
    await versionNow(10);
    now += 10;
    registry = () => Promise.reject(down);
    const answers = await Promise.all(MANY.map(() => resolutions.resolve(question(), 10)));
    expect(answers[0]).toEqual({ chart: version('1.0.0'), outage: down });
    expect(asked).toBe(2);
  });

  test('gives no answer where there was none before', async () => {
    registry = () => Promise.reject(down);
    expect(await resolutions.resolve(question(), HOUR_MS)).toEqual({ chart: undefined, outage: down });
    expect(resolutions.dueInMs('a', HOUR_MS)).toBeLessThanOrEqual(30_000);
  });

  test('a permanent error is thrown to everyone who asks, and the registry is asked again', async () => {
    const refused = new RegistryError({ code: 'Unauthorized', reason: 'no' });
    registry = () => Promise.reject(refused);
    const outcomes = await Promise.allSettled([versionNow(HOUR_MS), versionNow(HOUR_MS)]);
    expect(outcomes).toEqual([
      { status: 'rejected', reason: refused },
      { status: 'rejected', reason: refused },
    ]);
    registry = async () => version('1.0.0');
    expect(await versionNow(HOUR_MS)).toBe('1.0.0');
    expect(asked).toBe(2);
  });
});
