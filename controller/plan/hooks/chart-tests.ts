import type { HookEvent } from '../../../chart-renderer/index.ts';
import { areTestsChecks, isColourCheck } from '../strategies/checks.ts';
import type { Operation, ReleaseSpec, TestFilter } from '../../../crds/index.ts';

/** Which tests of a chart run with its installs and upgrades without being asked for; undefined where none do. */
export function testFilters(
  spec: Pick<ReleaseSpec, 'hooks' | 'tests' | 'strategy'>,
): readonly TestFilter[] | undefined {
  const isAsked = spec.tests?.enable === true || areTestsChecks(spec);
  return isAsked && spec.hooks !== 'Skip' ? (spec.tests?.filters ?? []) : undefined;
}

/** Whether they run after such an operation: what was taken over, or is gone back to, was tested before, or never. */
export function isTested(operation: Operation): boolean {
  return operation === 'Install' || operation === 'Upgrade';
}

/** Whether a hook is a test, and one that the filters let run. */
export function isTest(
  { name, events }: { name: string; events: readonly HookEvent[] },
  filters: readonly TestFilter[] = [],
): boolean {
  if (!events.includes('test')) return false;
  const named = filters.filter((filter) => filter.name === name);
  if (named.some(({ exclude }) => exclude)) return false;
  return named.length > 0 || filters.every(({ exclude }) => exclude);
}

/** Whether a hook runs without being asked for in some operation: a test only where the filters let it run. */
export function runsUnasked(
  hook: { name: string; events: readonly HookEvent[] },
  filters?: readonly TestFilter[],
): boolean {
  if (isColourCheck(hook) || hook.events.some((event) => event !== 'test')) return true;
  return filters !== undefined && isTest(hook, filters);
}
