import type { ReleaseStatus } from '../../crds/index.ts';
import type { Observed } from '../pass/observed.ts';
import type { VersionServices } from './services.ts';
import { targetVersionOf } from '../status/progress.ts';
import type { ObservationWithValues } from './observe.ts';
import { historyOf, targetOf } from './recorded.ts';
import type { Baseline, Target } from './target.ts';
import { withSignature } from './verification.ts';

/**
 * The target of a Release that goes on with the version that it is at or on its way to; undefined where none is. What counts as seen
 * stays, and is what is `seen` now where nothing does yet. Throws ReleaseError, KubeError.
 */
export async function targetInForce(
  services: VersionServices,
  observed: Observed,
  seen: Partial<ObservationWithValues> = {},
): Promise<Target | undefined> {
  const { status = {} } = observed.release;
  const history = historyOf(observed, targetVersionOf(status));
  if (!history) return undefined;
  const { type = 'Install' } = status.operation ?? {};
  return targetOf(services, observed, history, type === 'Delete' ? 'Install' : type, baselineOf(status, seen));
}

function baselineOf({ inputs, followed }: ReleaseStatus, seen: Partial<ObservationWithValues>): Baseline {
  return { inputs: inputs ?? seen.inputs, chart: followed?.digest ?? seen.chartDigest };
}

/** The target of a Release that goes back, on nobody's wish, to a version that it still holds; undefined where it is not recorded. */
export async function targetStillHeld(
  services: VersionServices,
  observed: Observed,
  version: number,
): Promise<Target | undefined> {
  const history = historyOf(observed, version);
  return history && targetOf(services, observed, history, 'Rollback', { inputs: undefined, chart: undefined });
}

/** The target of a Release that stays at its version and may: its chart has the signature that is asked for. */
export async function targetHeld(
  services: VersionServices,
  observed: Observed,
  seen: ObservationWithValues,
): Promise<Target | undefined> {
  const target = await targetInForce(services, observed, seen);
  return target && withSignature(services, observed, target);
}
