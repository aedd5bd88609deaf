import type { ReleaseHistory, ReleaseStatus } from '../../crds/index.ts';
import { historyOfVersion } from '../history/owned-versions.ts';
import { catchFailure } from '../pass/failures/catch-failure.ts';
import type { Observed } from '../pass/observed.ts';
import type { TargetServices, VersionServices } from './services.ts';
import { targetVersionOf } from '../status/progress.ts';
import type { ObservationWithValues } from './observe.ts';
import { targetOf } from './recorded.ts';
import type { Baseline, Target } from './target.ts';
import { readPolicy, signedTarget } from './inputs/verification.ts';

/**
 * The target of a Release that stays with the version it is at or on its way to; undefined if there is none. Its baseline stays as it is;
 * what is missing there is taken from `observation`. Throws ReleaseError, KubeError.
 */
export async function targetInForce(
  services: TargetServices,
  observed: Observed,
  observation: Partial<ObservationWithValues> = {},
): Promise<Target | undefined> {
  const history = historyOfVersion(observed, targetVersionOf(observed.release.status));
  return history && targetAt(services, observed, history, observation);
}

async function targetAt(
  services: TargetServices,
  observed: Observed,
  history: ReleaseHistory,
  observation: Partial<ObservationWithValues>,
): Promise<Target> {
  const { status = {} } = observed.release;
  const { type = 'Install' } = status.operation ?? {};
  return targetOf(services, observed, history, type === 'Delete' ? 'Install' : type, baselineOf(status, observation));
}

/** Like `targetInForce`, for when choosing another one has failed or waits; undefined too where it cannot be read. */
export async function stayingTarget(
  services: TargetServices & Pick<VersionServices, 'children'>,
  observed: Observed,
): Promise<Target | undefined> {
  const { value: verify } = await catchFailure(() => readPolicy(services, observed));
  const { value } = await catchFailure(() => targetInForce(services, { ...observed, verify }));
  return value;
}

function baselineOf(
  { inputs, followed, cluster, leftContent }: ReleaseStatus,
  observation: Partial<ObservationWithValues>,
): Baseline {
  const chart = followed?.digest ?? observation.chartDigest;
  return { inputs: inputs ?? observation.inputs, chart, cluster, leftContent };
}

const NO_BASELINE: Baseline = { inputs: undefined, chart: undefined, cluster: undefined, leftContent: undefined };

/** The version that keeps running while the next one cannot be applied, as a target; undefined if it is not recorded. */
export async function previousTarget(
  services: TargetServices,
  observed: Observed,
  version: number,
): Promise<Target | undefined> {
  const history = historyOfVersion(observed, version);
  return history && targetOf(services, observed, history, 'Rollback', NO_BASELINE);
}

/** Like `targetInForce`; its chart has the signature that the spec asks for. */
export async function verifiedTargetInForce(
  services: TargetServices & Pick<VersionServices, 'charts'>,
  observed: Observed,
  observation: ObservationWithValues,
): Promise<Target | undefined> {
  const history = historyOfVersion(observed, targetVersionOf(observed.release.status));
  if (!history) return undefined;
  return signedTarget(services, observed, history, () => targetAt(services, observed, history, observation));
}
