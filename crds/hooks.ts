import type { ObjectMeta } from './metadata.ts';
import { API_GROUP, tokenIn } from './names.ts';

/** Annotation on a Release: a token, any text; a different one asks for the tests of the chart in force, once. */
export const TEST_ANNOTATION = `${API_GROUP}/test`;
/** Annotation on a Release: which of the tests that are asked for, as `helm test --filter` takes it; absent: all. */
export const TEST_FILTER_ANNOTATION = `${API_GROUP}/test-filter`;

/** What became of one hook of the operation under way, or of the last one. */
export type HookResult = {
  /** `<version>.<event>`. */
  run: string;
  kind: string;
  name: string;
  phase: 'Running' | 'Succeeded' | 'Failed';
  message?: string;
  /** The last lines that its pod wrote, where its output log policy asks for them. */
  log?: string;
};

/** Whether and how the tests of a chart, its `test` hooks, run after an install or an upgrade. */
export type Tests = {
  enable: boolean;
  /** Go duration: how long each of them may take; absent: `spec.timeout`. */
  timeout?: string;
  /** Whether a version is ready even if its tests fail. */
  ignoreFailures: boolean;
  /** Absent: all of them. */
  filters?: TestFilter[];
};

/** A test by its name: one of those that run or, with `exclude`, that do not. Where some are named to run, no others do. */
export type TestFilter = { name: string; exclude?: boolean };

/** What became of one test. */
export type TestResult = HookResult & {
  /** RFC 3339: when it was seen to have begun, and to have ended. */
  startedAt?: string;
  completedAt?: string;
};

/** The run of a chart's tests that is under way, or the last one. */
export type TestRun = {
  version: number;
  phase: 'Running' | 'Succeeded' | 'Failed';
  /** RFC 3339; the run is named after it. */
  startedAt: string;
  completedAt?: string;
  /** The last token of `TEST_ANNOTATION` that was answered, by this run or one before it. */
  request?: string;
  filters?: TestFilter[];
  /** Of the checks of a colour: a digest of what they were when they began. */
  checks?: string;
  /** Why it failed, where no test says so. */
  message?: string;
  /** Those that have begun, in their order; after one that failed, no other begins. */
  results: TestResult[];
};

/** The token with which the tests of a Release were last asked for; undefined if they never were. */
export function testTokenOf({ annotations }: Pick<ObjectMeta, 'annotations'>): string | undefined {
  const text = annotations?.[TEST_ANNOTATION];
  return text === undefined ? undefined : tokenIn(text);
}

/** At most this many tests can be named. */
const MAX_FILTERS = 32;
const MAX_NAME = 253;

/**
 * The filters in a text such as `name=api,!name=slow`, which is how `helm test --filter` and `TEST_FILTER_ANNOTATION` have them; undefined
 * if it is not one.
 */
export function testFiltersIn(text: string): TestFilter[] | undefined {
  const parts = text.split(',', MAX_FILTERS + 1);
  if (parts.length > MAX_FILTERS) return undefined;
  const filters = parts.flatMap((part) => {
    const [, not = '', name = ''] = /^\s*(!?)name=([^=!,\s\p{C}]+)\s*$/u.exec(part) ?? [];
    if (name === '' || name.length > MAX_NAME) return [];
    return [not === '' ? { name } : { name, exclude: true }];
  });
  return filters.length === parts.length ? filters : undefined;
}
