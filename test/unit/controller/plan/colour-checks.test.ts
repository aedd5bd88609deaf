import { expect, test } from '@jest/globals';
import { runsUnasked, testFilters } from '../../../../controller/plan/hooks/chart-tests.ts';
import {
  checksDigest,
  colourChecks,
  isColourCheck,
  withChecks,
} from '../../../../controller/plan/strategies/checks.ts';
import type { ColourCheck, Strategy } from '../../../../crds/index.ts';
import type { VersionRecord } from '../../../../records/index.ts';

const CHECKS: ColourCheck[] = [
  { tests: true },
  { http: { path: '/healthz', image: 'curl:1' } },
  { http: { path: '/', port: 8080, expectedStatus: 301, timeout: '90s', image: 'curl:1' } },
];
const BLUE_GREEN: Strategy = { type: 'BlueGreen', service: 'web', preview: 'web-next', checks: CHECKS };

function record(strategy: Strategy, colour?: string): VersionRecord {
  const content = { chart: { registry: 'r', name: 'web' }, strategy };
  return { content, ...(colour !== undefined && { colour }), values: {}, objects: [], hooks: [], crds: [] };
}

test('each request is a Job among the hooks of a version with a colour, in the order of the checks', () => {
  const { hooks } = withChecks(record(BLUE_GREEN, 'v2'), CHECKS);
  const env = hooks.map(({ object }) => JSON.stringify(object['spec']));
  expect(hooks.map(({ name, weight }) => [name, weight - (hooks[0]?.weight ?? 0)])).toEqual([
    ['web-next-check-1', 0],
    ['web-next-check-2', 1],
  ]);
  expect(env[0]).toContain('"http://web-next:80/healthz"');
  expect(env[1]).toMatch(/"http:\/\/web-next:8080\/".*"301".*"90"/);
  expect(hooks.every((hook) => isColourCheck(hook) && runsUnasked(hook))).toBe(true);
});

test('there are none without a colour, and none with the strategy Apply', () => {
  expect(withChecks(record(BLUE_GREEN), CHECKS).hooks).toEqual([]);
  expect(colourChecks({ strategy: BLUE_GREEN })).toBe(CHECKS);
  expect(colourChecks({ strategy: { ...BLUE_GREEN, type: 'Apply' } })).toEqual([]);
  expect(colourChecks({})).toEqual([]);
});

test('changed checks, and changed tests among them, have another digest', () => {
  const digest = checksDigest({ strategy: BLUE_GREEN });
  expect(checksDigest({ strategy: { ...BLUE_GREEN, keepFor: '1h' } })).toBe(digest);
  expect(checksDigest({ strategy: { ...BLUE_GREEN, checks: CHECKS.slice(1) } })).not.toBe(digest);
  expect(
    checksDigest({ strategy: BLUE_GREEN, tests: { enable: true, ignoreFailures: false, filters: [{ name: 'a' }] } }),
  ).not.toBe(digest);
});

test('a long name of the preview Service is cut, so that the Job’s name is valid', () => {
  const preview = `${'a'.repeat(49)}-${'b'.repeat(13)}`;
  const [hook] = withChecks(record({ ...BLUE_GREEN, preview }, 'v2'), CHECKS).hooks;
  expect(hook?.name).toBe(`${'a'.repeat(49)}-check-1`);
});

test('tests among the checks run without spec.tests, but not when hooks are skipped', () => {
  expect(testFilters({ hooks: 'Run', strategy: BLUE_GREEN })).toEqual([]);
  expect(testFilters({ hooks: 'Skip', strategy: BLUE_GREEN })).toBeUndefined();
  expect(testFilters({ hooks: 'Run', strategy: { ...BLUE_GREEN, checks: CHECKS.slice(1) } })).toBeUndefined();
});
