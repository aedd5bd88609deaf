import { isDeepStrictEqual } from 'node:util';
import type { ReleaseHistory } from '../../crds/index.ts';
import { isSameReference } from '../../records/index.ts';
import { deleteVersion } from '../history/history.ts';
import { historyOfVersion, isFromHelm } from '../history/owned-versions.ts';
import type { Observed } from '../pass/observed.ts';
import type { TargetServices, VersionServices } from './services.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { targetVersionOf } from '../status/progress.ts';
import { digestOfOthers } from './cluster/answers.ts';
import { wasEverInForce, wasCompleted } from './inherited.ts';
import type { ObservationWithValues } from './observe.ts';
import { contentLeftFor } from './rollback/left-content.ts';
import { targetOf } from './recorded.ts';
import type { RecordedBy, State } from './state.ts';
import { asAdoption, type Baseline, type Choice, type Target } from './target.ts';
import { validated } from './inputs/validate.ts';
import { NO_INPUTS } from './inputs/values.ts';
import { signedTarget } from './inputs/verification.ts';

/** The target of a version that is already recorded. */
export async function useRecordedVersion(
  services: VersionServices,
  observed: Observed,
  { version, by }: Extract<State, { name: 'recordedVersion' }>,
  observation: ObservationWithValues,
): Promise<Choice> {
  const history = historyOfVersion(observed, version);
  if (!history) throw new ReleaseError('VersionNotFound', `version ${version} is not recorded`);
  const operation = operationFor(version, by, observed);
  const baseline = {
    // The inputs of a version without valuesFrom are known to be none.
    inputs: observation.inputs ?? (history.spec.valuesFrom ? inputsSeen(observed, history, by) : NO_INPUTS),
    chart: observation.chartDigest ?? knownResolution(observed, history),
    cluster: by === 'interruption' ? undefined : await answersSeen(services, history),
    leftContent: leftContentOf(observed, history, by),
  };
  const signed = await signedTarget(services, observed, history, () =>
    intactTarget(services, observed, history, { operation, by, baseline }),
  );
  const { adopts } = await validated(services, observed, signed.record);
  return { target: { ...signed, operation: asAdoption(operation, adopts) }, observed };
}

/** How a Release comes to a recorded version: a rollback runs other hooks than an upgrade. Going to a version that never came into force, or not to its end, is still an upgrade. */
export function operationFor(
  version: number,
  by: RecordedBy,
  observed: Pick<Observed, 'release' | 'histories'>,
): Target['operation'] {
  const { release, histories } = observed;
  // Where nothing is recorded but what Helm made, there was no status to lose.
  const isLost = targetVersionOf(release.status) === undefined && !histories.every(isFromHelm);
  if (by !== 'interruption' && (isLost || wasCompleted(observed, version))) return 'Rollback';
  return wasEverInForce(observed) ? 'Upgrade' : 'Install';
}

/** The inputs that the version that failed has seen, if it has the same: others, that came since, make a new version. */
export function inputsSeen(
  observed: Pick<Observed, 'release' | 'histories'>,
  { spec: { valuesFrom } }: ReleaseHistory,
  by: RecordedBy,
): string | undefined {
  const { status } = observed.release;
  const failed = by === 'failure' ? historyOfVersion(observed, targetVersionOf(status)) : undefined;
  return failed && isDeepStrictEqual(failed.spec.valuesFrom, valuesFrom) ? status?.inputs : undefined;
}

/** What the cluster answers now counts as known to a version that is gone back, or forward, to. */
async function answersSeen(
  { offered }: Pick<VersionServices, 'offered'>,
  { spec: { cluster } }: ReleaseHistory,
): Promise<string | undefined> {
  const offer = cluster && (await offered.settled());
  return cluster && offer && digestOfOthers(cluster, offer);
}

/** What the version's chart reference resolves to; known only if the version in force has the same reference. */
function knownResolution(observed: Observed, { spec: { chart } }: ReleaseHistory): string | undefined {
  const { status } = observed.release;
  const before = historyOfVersion(observed, targetVersionOf(status));
  return before && isSameReference(before.spec.chart, chart) ? status?.followed?.digest : undefined;
}

function leftContentOf(observed: Observed, history: ReleaseHistory, by: RecordedBy): string | undefined {
  const { status } = observed.release;
  if (by !== 'interruption')
    return contentLeftFor(observed.release, history, historyOfVersion(observed, targetVersionOf(status)));
  return history.spec.cause === 'Edit' ? undefined : status?.leftContent;
}

/** A recorded version as a target. If its recording was cut short, nothing else is lost: the version is deleted and recorded again. */
async function intactTarget(
  services: TargetServices & Pick<VersionServices, 'client' | 'histories'>,
  observed: Observed,
  history: ReleaseHistory,
  how: { operation: Target['operation']; by: RecordedBy; baseline: Baseline },
): Promise<Target> {
  try {
    return await targetOf(services, observed, history, how.operation, how.baseline);
  } catch (error) {
    const isHalf = how.by === 'interruption' && error instanceof ReleaseError && error.code === 'HistoryCorrupted';
    if (!isHalf) throw error;
    await deleteVersion(services.client, history);
    services.histories.forget(history.metadata.namespace, history.metadata.name);
    throw new ReleaseError('Progressing', `${history.metadata.name} is recorded again`, {
      retry: 'soon',
      cause: error,
    });
  }
}
