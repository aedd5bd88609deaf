import type { ReleaseHistory } from '../../crds/index.ts';
import { contentDigest, isSameReference } from '../history/content.ts';
import { forgetVersion } from '../history/history.ts';
import type { Context, Pass } from '../pass/context.ts';
import { ReleaseError } from '../pass/errors.ts';
import { targetVersionOf } from '../status/progress.ts';
import { overwriteContent } from './claim.ts';
import { goesOn } from './inherited.ts';
import type { Seen } from './observe.ts';
import { historyOf, targetOf } from './recorded.ts';
import type { State } from './state.ts';
import type { Baseline, Target } from './target.ts';
import { validated } from './validate.ts';
import { inputsDigest } from './values.ts';
import { withSignature } from './verification.ts';

/** The target of a version that is recorded already; going back overwrites the spec's content with that version's. */
export async function takeUpRecorded(
  context: Context,
  pass: Pass,
  { version, by }: Extract<State, { name: 'chosen' }>,
  seen: Seen,
): Promise<Target> {
  const history = historyOf(pass, version);
  if (!history) throw new ReleaseError('VersionNotFound', `version ${version} is not recorded`);
  const operation = operationTo(version, by, pass);
  const baseline = {
    // A version without sources has seen nothing, which is known without looking.
    inputs: seen.inputs ?? (history.spec.valuesFrom ? undefined : inputsDigest([])),
    chart: seen.chartDigest ?? followedAlready(pass, history),
  };
  const intact = await intactTarget(context, pass, history, { operation, by, seen: baseline });
  const target = await withSignature(context, pass, intact);
  await validated(context, pass, target.record);
  if (by === 'user') await restoreContent(context, pass, target);
  return target;
}

/** Going back runs other hooks than going forward: to a version that was begun and never came to be in force is still forward. */
function operationTo(version: number, by: 'user' | 'interruption', pass: Pass): Target['operation'] {
  const { status = {} } = pass.release;
  const isLost = targetVersionOf(status) === undefined;
  const wasInForce = status.history?.some((row) => row.version === version) ?? false;
  if (by === 'user' && (wasInForce || isLost)) return 'Rollback';
  return goesOn(pass) ? 'Upgrade' : 'Install';
}

/** What the version's chart reference was seen to resolve to, where that in force has the same one. */
function followedAlready(pass: Pass, { spec: { chart } }: ReleaseHistory): string | undefined {
  const { status } = pass.release;
  const before = historyOf(pass, targetVersionOf(status));
  return before && isSameReference(before.spec.chart, chart) ? status?.followed?.digest : undefined;
}

/** A version whose recording was cut short has lost nothing but itself: it is forgotten and recorded again. */
async function intactTarget(
  context: Context,
  pass: Pass,
  history: ReleaseHistory,
  how: { operation: Target['operation']; by: 'user' | 'interruption'; seen: Baseline },
): Promise<Target> {
  try {
    return await targetOf(context, pass, history, how.operation, how.seen);
  } catch (error) {
    const isHalf = how.by === 'interruption' && error instanceof ReleaseError && error.code === 'HistoryCorrupted';
    if (!isHalf) throw error;
    await forgetVersion(context.client, history);
    context.histories.forget(history.metadata.namespace, history.metadata.name);
    throw new ReleaseError('Progressing', `${history.metadata.name} is recorded again`, {
      retry: 'soon',
      cause: error,
    });
  }
}

async function restoreContent(context: Context, pass: Pass, { history, record }: Target): Promise<void> {
  if (contentDigest(pass.release.spec) !== history.spec.digests.content) {
    await overwriteContent(context, pass, record.content);
  }
}
