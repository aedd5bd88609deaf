import { conditionOf, type Condition, type Release } from '../../../crds/index.ts';
import { tenantOf } from '../../../client/releases/index.ts';
import { withoutUndefined } from '../../../resources/index.ts';
import type { ReleaseRow, ShownHealth } from '../../api/index.ts';

/** What the row of the list tells of a long message. */
const MAX_MESSAGE = 400;

/** The row of a Release in the list. */
export function rowOf(release: Release): ReleaseRow {
  const { metadata, spec, status = {} } = release;
  const ready = conditionOf(status, 'Ready');
  return withoutUndefined({
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    generation: metadata.generation,
    ...tenantOf(release),
    ...chartOf(release),
    version: status.version,
    health: shownHealth(status.health),
    ready: ready?.status ?? 'Unknown',
    reason: spec.suspend ? 'Suspended' : (ready?.reason ?? ''),
    message: messageOf(release, ready),
    suspended: spec.suspend,
    waits: waitOf(release, ready),
    busy: isBusy(release),
    created: metadata.creationTimestamp,
    changed: lastChange(release),
  });
}

function shownHealth(health: ShownHealth = 'Unknown'): ShownHealth {
  return health;
}

function chartOf({ spec, status }: Release): Pick<ReleaseRow, 'chart' | 'chartVersion'> {
  const { name = spec.chart.name ?? '', version = spec.chart.version ?? '' } = status?.chart ?? {};
  return { chart: name, chartVersion: version };
}

function messageOf({ status }: Release, ready: Condition | undefined): string {
  const text = status?.message ?? (ready?.status === 'True' ? '' : (ready?.message ?? ''));
  return text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE - 1)}…`;
}

function waitOf({ metadata, status }: Release, ready: Condition | undefined): ReleaseRow['waits'] {
  if (metadata.deletionTimestamp !== undefined) return 'deletion';
  if (status?.plan !== undefined) return 'approval';
  if (ready?.reason === 'DependencyNotReady' || ready?.reason === 'DependencyCycle') return 'dependency';
  return ready?.reason === 'RegistryUnavailable' ? 'registry' : undefined;
}

/** Whether something is under way; what is stalled goes on only once somebody has changed something. */
function isBusy({ status = {} }: Release): boolean {
  const { operation } = status;
  const isStalled = conditionOf(status, 'Stalled')?.status === 'True';
  return operation !== undefined && operation.phase !== 'Done' && !isStalled;
}

function lastChange({ metadata, status }: Release): string {
  const times = (status?.conditions ?? [])
    .filter(({ type }) => type === 'Ready' || type === 'Healthy')
    .map(({ lastTransitionTime }) => lastTransitionTime);
  return [metadata.creationTimestamp, ...times].toSorted().at(-1) ?? '';
}
