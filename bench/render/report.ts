import { HELM_VERSIONS, type HelmVersion } from '../../chart-renderer/index.ts';
import { judge } from '../goals.ts';
import type { GrowthPoint } from './growth.ts';
import type { Times } from './ours.ts';
import type { StageTimes, TimedCase } from './timed-case.ts';
import { type Stage, STAGES } from './timed-run.ts';

/** A chart and how its rendering grows. */
export interface Growth {
  readonly title: string;
  readonly points: readonly GrowthPoint[];
}

/** What the renderer may take of the CPU of the faster Helm in total, in processes at work. */
const BUDGET = { cold: 0.5, warm: 0.08 };
const JUDGED: Stage = 'at work';
const SLOWEST = 10;

/** The slowest cases of a set, and its totals, which are judged. */
export function reportOf(set: string, timed: readonly TimedCase[], found: number): string[] {
  if (timed.length === 0) return [`${set}: none of ${found} cases can be compared`, ''];
  const failed = timed.filter(({ outcome }) => outcome === 'failed').length;
  return [
    `${set}: ${timed.length} of ${found} cases, ${failed} of which fail; the others end, or render, differently each time, or draw keys and fail`,
    ...slowestRows(timed),
    '',
    ...STAGES.flatMap((stage) => totals(set, stage, timed)),
    '',
  ];
}

/** The curves, a row for each point. */
export function growthRows({ title, points }: Growth): string[] {
  return [
    `${title}, so many times as a dependency (warm):`,
    row('times', 'chars', 'ms', 'ms/Mchar', ''),
    ...points.map(({ copies, outputChars, ms }) =>
      row(String(copies), String(outputChars), ms.toFixed(1), ((ms / outputChars) * 1e6).toFixed(1), ''),
    ),
    '',
  ];
}

function slowestRows(timed: readonly TimedCase[]): string[] {
  const slowest = timed.toSorted((a, b) => b.stages[JUDGED].cold.ms - a.stages[JUDGED].cold.ms).slice(0, SLOWEST);
  return [
    `The slowest ${slowest.length} of ours (ms), ${JUDGED}:`,
    row(...HELM_VERSIONS.map((version) => `Helm ${version}`), 'cold', 'warm', 'chars', 'chart'),
    ...slowest.map(
      ({
        stages: {
          [JUDGED]: { helm, cold, warm },
        },
        outputChars,
        title,
      }) =>
        row(
          ...HELM_VERSIONS.map((version) => helm[version].ms.toFixed(1)),
          cold.ms.toFixed(1),
          warm?.ms.toFixed(1) ?? '-',
          String(outputChars),
          title,
        ),
    ),
  ];
}

function totals(set: string, stage: Stage, timed: readonly TimedCase[]): string[] {
  const all = timed.map(({ stages }) => stages[stage]);
  const loaded = all.filter(({ warm }) => warm !== undefined);
  const cpuOf = (version: HelmVersion, cases: readonly StageTimes[] = all): number =>
    sumOf(cases, ({ helm }) => helm[version].cpuMs);
  const faster = HELM_VERSIONS.toSorted((a, b) => cpuOf(a) - cpuOf(b))[0] ?? 'v4';
  const verdict = (kind: keyof typeof BUDGET, ours: Times, cases: readonly StageTimes[]): string => {
    const ratio = ours.cpuMs / cpuOf(faster, cases);
    const ofHelm = `${ratio.toFixed(3)} of Helm ${faster}'s CPU`;
    const goal = stage === JUDGED ? `${ofHelm}, at most ${BUDGET[kind]}` : ofHelm;
    if (stage === JUDGED) judge(`${set}, ${stage}, ${kind}: ${goal}`, ratio <= BUDGET[kind]);
    return `  ${kind}: ${ours.ms.toFixed(0)} ms; CPU ${ours.cpuMs.toFixed(0)} ms, ${goal}`;
  };
  return [
    `Processes ${stage}:`,
    ...HELM_VERSIONS.map((version) => {
      const renderMs = sumOf(all, ({ helm }) => helm[version].renderMs);
      const { ms } = totalOf(all, ({ helm }) => helm[version]);
      return `  Helm ${version}: ${ms.toFixed(0)} ms, ${renderMs.toFixed(0)} ms of it rendering; CPU ${cpuOf(version).toFixed(0)} ms`;
    }),
    verdict(
      'cold',
      totalOf(all, ({ cold }) => cold),
      all,
    ),
    verdict(
      'warm',
      totalOf(loaded, ({ warm }) => warm),
      loaded,
    ),
  ];
}

function totalOf(cases: readonly StageTimes[], times: (each: StageTimes) => Times | undefined): Times {
  return { ms: sumOf(cases, (each) => times(each)?.ms ?? 0), cpuMs: sumOf(cases, (each) => times(each)?.cpuMs ?? 0) };
}

function row(...cells: string[]): string {
  const title = cells.pop() ?? '';
  return `${cells.map((cell) => cell.padStart(9)).join('')}  ${title}`.trimEnd();
}

function sumOf<T>(all: readonly T[], figure: (each: T) => number): number {
  return all.reduce((sum, each) => sum + figure(each), 0);
}
