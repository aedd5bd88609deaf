import { HELM_VERSIONS, type HelmVersion } from '../../chart-renderer/index.ts';
import { median } from '../measure.ts';
import type { OurTimes, Times } from './ours.ts';
import { FAILED, type HelmTimes, type Round, type Run, type Stage, STAGES } from './timed-run.ts';

/** The medians of one case at one stage of the processes; as Helm's times, `cold` includes loading the chart. */
export interface StageTimes {
  readonly helm: Readonly<Record<HelmVersion, HelmTimes>>;
  readonly cold: Times;
  /** None where the chart does not load. */
  readonly warm: Times | undefined;
}

/** One case's medians. */
export interface TimedCase {
  readonly title: string;
  readonly outcome: OurTimes['outcome'];
  readonly outputChars: number;
  readonly stages: Readonly<Record<Stage, StageTimes>>;
}

/**
 * The medians of the case at the index of all runs; undefined unless all sides render it, or all fail, each Helm renders it the same each
 * time, and no keys are drawn before it fails: that takes a random time as well.
 */
export function timedCase(title: string, runs: readonly Run[], index: number): TimedCase | undefined {
  const rounds = runs.flatMap((run) => STAGES.map((stage) => run[stage]));
  const ours = rounds.map((round) => at(round.ours, index));
  const [first] = ours;
  if (first === undefined || ours.some(({ outcome }) => outcome !== first.outcome)) return undefined;
  const isFailed = first.outcome === 'failed';
  if (isFailed && first.drawsKeys) return undefined;
  const digests = HELM_VERSIONS.map((version) => new Set(rounds.map(({ helm }) => at(helm[version], index).digest)));
  if (digests.some((each) => each.size > 1 || each.has(FAILED) !== isFailed)) return undefined;
  const timesAt = (stage: Stage): StageTimes =>
    stageTimes(
      runs.map((run) => run[stage]),
      index,
    );
  return {
    title,
    outcome: first.outcome,
    outputChars: first.outputChars,
    stages: { 'just started': timesAt('just started'), 'at work': timesAt('at work') },
  };
}

function stageTimes(rounds: readonly Round[], index: number): StageTimes {
  const ours = rounds.map((round) => at(round.ours, index));
  const warm = ours.map((times) => times.warm).filter((times) => times !== undefined);
  const helmTimes = (version: HelmVersion): HelmTimes => {
    const all = rounds.map(({ helm }) => at(helm[version], index));
    return { ...medians(all), renderMs: median(all.map(({ renderMs }) => renderMs)) };
  };
  return {
    helm: { v3: helmTimes('v3'), v4: helmTimes('v4') },
    cold: medians(ours.map(({ cold }) => cold)),
    warm: warm.length === 0 ? undefined : medians(warm),
  };
}

function medians(all: readonly Times[]): Times {
  return { ms: median(all.map(({ ms }) => ms)), cpuMs: median(all.map(({ cpuMs }) => cpuMs)) };
}

function at<T>(all: readonly T[], index: number): T {
  const found = all[index];
  if (found === undefined) throw new Error(`no times of case ${index}`);
  return found;
}
