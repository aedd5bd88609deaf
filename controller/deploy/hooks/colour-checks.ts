import { listAt, refOf, throughPreview, type KubeObject, type PreviewPath } from '../../../resources/index.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import type { DesiredHook } from '../../plan/desired.ts';
import { isTest, testFilters } from '../../plan/hooks/chart-tests.ts';
import { areTestsChecks, isColourCheck } from '../../plan/strategies/checks.ts';
import { isInColour } from '../../plan/strategies/colours.ts';
import type { StageInput } from '../stage.ts';

/**
 * What checks the new colour of a version before the cut: requests, and the tests of the chart, led to this colour. Throws ReleaseError
 * Progressing until that colour can be reached.
 */
export function colourCheckHooks(step: Pick<StageInput, 'observed' | 'target' | 'scope'>): DesiredHook[] {
  const { spec } = step.observed.release;
  const { hooks } = step.target.desired;
  const filters = areTestsChecks(spec) ? testFilters(spec) : undefined;
  const tests = filters ? hooks.filter((hook) => isTest(hook, filters)) : [];
  const checks = hooks.filter(isColourCheck);
  if (tests.length === 0) return checks;
  const path = pathIn(step);
  return [...checks, ...tests.map((hook) => ({ ...hook, object: throughPreview(hook.object, path) }))];
}

/** Whether the chart has no test to check the new colour with, although it is to be checked with its tests. */
export function lacksTests({ observed, target }: Pick<StageInput, 'observed' | 'target'>): boolean {
  const { spec } = observed.release;
  const filters = areTestsChecks(spec) ? testFilters(spec) : undefined;
  return filters !== undefined && !target.desired.hooks.some((hook) => isTest(hook, filters));
}

function pathIn({ observed, target, scope }: Pick<StageInput, 'observed' | 'target' | 'scope'>): PreviewPath {
  const { service = '', preview = '' } = target.record?.content.strategy ?? {};
  const objects = target.desired.objects.map(({ object }) => object);
  const known = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === preview);
  const live = known && scope.live(refOf(known));
  const addresses = live ? addressesOf(live) : [];
  if (addresses.length === 0) {
    throw new ReleaseError('Progressing', `waiting for the address of Service/${preview}`, { retry: 'soon' });
  }
  const renamed = new Set(objects.filter((object) => isInColour(object, target.record)).map(titleOf));
  const colour = target.record?.colour ?? '';
  return {
    names: namesOf(service, observed.release.metadata.namespace),
    addresses,
    rename: (kind, name) => (renamed.has(`${kind}/${name}-${colour}`) ? `${name}-${colour}` : name),
  };
}

function addressesOf(service: KubeObject): string[] {
  const all = listAt(service, 'spec', 'clusterIPs').map(String);
  return all.filter((address) => address !== 'None');
}

function namesOf(service: string, namespace: string): string[] {
  const qualified = `${service}.${namespace}`;
  return [service, qualified, `${qualified}.svc`, `${qualified}.svc.cluster.local`];
}

function titleOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`;
}
