import type { Operation } from '../../crds/index.ts';
import type { ResolvedChart, VersionRecord } from '../../records/index.ts';
import { historyOfVersion } from '../history/owned-versions.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import type { Observed } from '../pass/observed.ts';
import { describeNeeds } from '../plan/permissions/grant.ts';
import type { Need } from '../plan/permissions/needs.ts';
import { errorOfVersion, leftContentMessage } from '../versions/choose.ts';
import { readPolicy, signedTarget } from '../versions/inputs/verification.ts';
import { observe, type ObservationWithValues } from '../versions/observe.ts';
import { targetOf } from '../versions/recorded.ts';
import { renderNewVersion } from '../versions/inputs/render-new-version.ts';
import type { RenderServices, TargetServices, VersionServices } from '../versions/services.ts';
import { isDecidedBySpec, stateOf, type State } from '../versions/state.ts';
import { targetInForce } from '../versions/target-in-force.ts';
import type { Target } from '../versions/target.ts';
import { operationFor } from '../versions/use-recorded-version.ts';

/** The version that a spec leads to; nothing of it is recorded. */
export interface PlannedVersion {
  version: number;
  /** How the Release would come to it; undefined where it stays at it. */
  operation: Exclude<Operation, 'Delete'> | undefined;
  record: VersionRecord;
  chart: ResolvedChart;
  /** What lookups may not read; it counted as absent. */
  denied: Need[];
  warnings: string[];
}

type ChoosingServices = RenderServices & TargetServices;

/** A version that has to wait because others came just before it is previewed all the same. */
const LATER_MS = 24 * 3_600_000;

/**
 * The version that a pass over the Release would choose, made as a pass makes it, but neither recorded nor claimed. Throws RegistryError,
 * ChartError, TemplateError, ReleaseError, KubeError.
 */
export async function plannedVersion(
  services: ChoosingServices & Pick<VersionServices, 'children' | 'inputs'>,
  observed: Observed,
): Promise<PlannedVersion> {
  const { release, histories } = observed;
  const now = Date.now() + LATER_MS;
  const blank = { release, histories, texts: [], inputs: undefined, chartDigest: undefined, now };
  const observation = isDecidedBySpec(stateOf(blank)) ? blank : { ...(await observe(services, observed)), now };
  const verify = await readPolicy(services, observed);
  return versionFor(services, { ...observed, verify }, stateOf(observation), observation);
}

async function versionFor(
  services: ChoosingServices,
  observed: Observed,
  state: State,
  observation: ObservationWithValues,
): Promise<PlannedVersion> {
  switch (state.name) {
    case 'newVersion':
      return newVersion(services, observed, state, observation);
    case 'recordedVersion':
      return recordedVersion(services, observed, state);
    case 'versionNotFound':
    case 'versionConflict':
      throw errorOfVersion(state);
    case 'deleted':
      throw new ReleaseError('Uninstalling', 'the Release is being deleted: its spec no longer counts');
    case 'leftContentApplied':
      return { ...(await versionInForce(services, observed)), warnings: [leftContentMessage(state)] };
    case 'upToDate':
    case 'throttled':
    case 'suspended':
      return versionInForce(services, observed);
  }
}

/** The version that a Release is at or on its way to. Throws ReleaseError VersionNotFound if there is none; KubeError. */
export async function versionInForce(services: TargetServices, observed: Observed): Promise<PlannedVersion> {
  const target = await targetInForce(services, observed);
  if (!target)
    throw new ReleaseError('VersionNotFound', 'the Release has no recorded version: nothing has been installed yet');
  return { ...plannedOf(target), operation: undefined };
}

async function newVersion(
  services: RenderServices,
  observed: Observed,
  state: Extract<State, { name: 'newVersion' }>,
  observation: ObservationWithValues,
): Promise<PlannedVersion> {
  const made = await renderNewVersion(services, observed, state, observation);
  const { record, resolved: chart, operation, denied, rendering } = made;
  const { warnings, renewalDue = [] } = rendering;
  const absent = `lookups treat as absent what they may not read: ${describeNeeds(denied)}`;
  return {
    version: state.version,
    operation,
    record,
    chart,
    denied,
    warnings: [...warnings, ...renewalDue, ...(denied.length > 0 ? [absent] : [])],
  };
}

async function recordedVersion(
  services: TargetServices & Pick<VersionServices, 'charts'>,
  observed: Observed,
  { version, by }: Extract<State, { name: 'recordedVersion' }>,
): Promise<PlannedVersion> {
  const history = historyOfVersion(observed, version);
  if (!history) throw new ReleaseError('VersionNotFound', `version ${version} is not recorded`);
  const operation = operationFor(version, by, observed);
  const baseline = { inputs: undefined, chart: undefined, cluster: undefined, leftContent: undefined };
  const read = (): Promise<Target> => targetOf(services, observed, history, operation, baseline);
  return plannedOf(await signedTarget(services, observed, history, read));
}

/** A recorded version as what a spec leads to. */
export function plannedOf({ version, operation, record, history }: Target): PlannedVersion {
  return { version, operation, record, chart: history.spec.resolved, denied: [], warnings: [] };
}
