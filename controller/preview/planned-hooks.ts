import type { HookEvent } from '../../chart-renderer/index.ts';
import type { Operation, PreviewedHook } from '../../crds/index.ts';
import { inHookOrder, refOf, type KubeObject } from '../../resources/index.ts';
import { OPERATION_EVENTS } from '../deploy/hooks/hooks.ts';
import type { Observed } from '../pass/observed.ts';
import type { DesiredHook } from '../plan/desired.ts';
import { isTest, isTested, testFilters } from '../plan/hooks/chart-tests.ts';
import { isColourCheck } from '../plan/strategies/checks.ts';

/** A hook that would run, and its object. */
export interface PlannedHook extends PreviewedHook {
  object: KubeObject;
}

/**
 * The hooks that an operation would run, in their order, and last the tests; none but checks of a colour where spec.hooks is Skip, none where a Release stays at its version, or takes over
 * what was installed before.
 */
export function plannedHooks(
  { release }: Pick<Observed, 'release'>,
  hooks: readonly DesiredHook[],
  operation: Exclude<Operation, 'Delete'> | undefined,
): PlannedHook[] {
  if (operation === undefined || operation === 'Adopt') return [];
  const checks = operation === 'Upgrade' ? hooks.filter(isColourCheck) : [];
  if (release.spec.hooks === 'Skip') return asPlanned(checks, 'test');
  const run = Object.values(OPERATION_EVENTS[operation]).flatMap((event) => ofEvent(hooks, event));
  const filters = isTested(operation) ? testFilters(release.spec) : undefined;
  const tests = filters ? hooks.filter((hook) => isTest(hook, filters)) : [];
  return [...run, ...asPlanned([...checks, ...tests], 'test')];
}

function ofEvent(hooks: readonly DesiredHook[], event: HookEvent): PlannedHook[] {
  return asPlanned(
    hooks.filter(({ events }) => events.includes(event)),
    event,
  );
}

function asPlanned(hooks: readonly DesiredHook[], event: HookEvent): PlannedHook[] {
  return inHookOrder(hooks).map(({ object, weight }) => {
    const { kind, name } = refOf(object);
    return { event, weight, kind, name, object };
  });
}
