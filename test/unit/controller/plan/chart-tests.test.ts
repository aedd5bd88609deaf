import { describe, expect, test } from '@jest/globals';
import { isTest, isTested, testFilters } from '../../../../controller/plan/hooks/chart-tests.ts';
import type { TestFilter, Tests } from '../../../../crds/index.ts';

const TESTS: Tests = { enable: true, ignoreFailures: false };

describe('tests run automatically', () => {
  test.each<[string, Tests | undefined, 'Run' | 'Skip', TestFilter[] | undefined]>([
    ['where they are enabled', TESTS, 'Run', []],
    ['those that are named', { ...TESTS, filters: [{ name: 'a' }] }, 'Run', [{ name: 'a' }]],
    ['not where they are not named', undefined, 'Run', undefined],
    ['not where they are not enabled', { ...TESTS, enable: false }, 'Run', undefined],
    ['not without hooks', TESTS, 'Skip', undefined],
  ])('%s', (_, tests, hooks, expected) => {
    expect(testFilters({ hooks, ...(tests && { tests }) })).toEqual(expected);
  });

  test('after installs and upgrades', () => {
    const operations = ['Install', 'Adopt', 'Upgrade', 'Rollback', 'Delete'] as const;
    expect(operations.filter(isTested)).toEqual(['Install', 'Upgrade']);
  });
});

describe('filters', () => {
  test.each<[string, TestFilter[] | undefined, string[]]>([
    ['none', undefined, ['a', 'b', 'c']],
    ['to run', [{ name: 'a' }, { name: 'c' }], ['a', 'c']],
    ['to leave out', [{ name: 'a', exclude: true }], ['b', 'c']],
    ['of both kinds', [{ name: 'b' }, { name: 'c', exclude: true }], ['b']],
    ['that contradict each other', [{ name: 'b' }, { name: 'b', exclude: true }], []],
  ])('%s', (_, filters, expected) => {
    expect(['a', 'b', 'c'].filter((name) => isTest({ name, events: ['test'] }, filters))).toEqual(expected);
  });

  test('do not turn any other hook into a test', () => {
    expect(isTest({ name: 'a', events: ['post-install'] }, [{ name: 'a' }])).toBe(false);
    expect(isTest({ name: 'a', events: ['post-install', 'test'] })).toBe(true);
  });
});
