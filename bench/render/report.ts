import { HELM_VERSIONS, type HelmVersion } from '../../chart-renderer/index.ts';
import { judge } from '../goals.ts';
import type { GrowthPoint } from './growth.ts';

/** What Helm took to load and render a case, or to fail, in milliseconds. */
export interface HelmTimes {
  readonly ms: number;
  /** The part of `ms` after the chart was loaded. */
  readonly renderMs: number;
  /** The CPU time of all threads of its process meanwhile. */
  readonly cpuMs: number;
}

/** One case's medians; as Helm's times, `coldMs` includes loading the chart. */
export interface TimedCase {
  readonly title: string;
  readonly outcome: 'rendered' | 'failed';
  readonly outputChars: number;
  readonly helm: Readonly<Record<HelmVersion, HelmTimes>>;
  readonly coldMs: number;
  readonly coldCpuMs: number;
  /** None where the chart does not load. */
  readonly warm: { readonly ms: number; readonly cpuMs: number } | undefined;
}

/** A chart and how its rendering grows. */
export interface Growth {
  readonly title: string;
  readonly points: readonly GrowthPoint[];
}

/** What the renderer may take of the CPU of the faster Helm in total. */
const BUDGET = { cold: 0.5, warm: 0.08 };
const SLOWEST = 10;

/** The slowest cases of a set, and its totals, which are judged. */
export function reportOf(set: string, timed: readonly TimedCase[], found: number): string[] {
  if (timed.length === 0) return [`${set}: none of ${found} cases can be compared`, ''];
  const failed = timed.filter(({ outcome }) => outcome === 'failed').length;
  return [
    `${set}: ${timed.length} of ${found} cases, ${failed} of which fail; the others end, or render, differently each time`,
    ...slowestRows(timed),
    '',
    ...totals(set, timed),
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
  const slowest = timed.toSorted((a, b) => b.coldMs - a.coldMs).slice(0, SLOWEST);
  return [
    `The slowest ${slowest.length} of ours (ms):`,
    row(...HELM_VERSIONS.map((version) => `Helm ${version}`), 'cold', 'warm', 'chars', 'chart'),
    ...slowest.map(({ helm, coldMs, warm, outputChars, title }) =>
      row(
        ...HELM_VERSIONS.map((version) => helm[version].ms.toFixed(1)),
        coldMs.toFixed(1),
        warm?.ms.toFixed(1) ?? '-',
        String(outputChars),
        title,
      ),
    ),
  ];
}

function totals(set: string, timed: readonly TimedCase[]): string[] {
  const cpuOf = (version: HelmVersion, cases = timed): number => sumOf(cases, ({ helm }) => helm[version].cpuMs);
  const helms = HELM_VERSIONS.map((version) => {
    const ms = sumOf(timed, ({ helm }) => helm[version].ms);
    const renderMs = sumOf(timed, ({ helm }) => helm[version].renderMs);
    const rendering = `${renderMs.toFixed(0)} ms of it rendering`;
    return `Helm ${version}: ${ms.toFixed(0)} ms, ${rendering}; CPU ${cpuOf(version).toFixed(0)} ms`;
  });
  const faster = HELM_VERSIONS.toSorted((a, b) => cpuOf(a) - cpuOf(b))[0] ?? 'v4';
  const loaded = timed.filter(({ warm }) => warm !== undefined);
  const cold = { ms: sumOf(timed, ({ coldMs }) => coldMs), cpuMs: sumOf(timed, ({ coldCpuMs }) => coldCpuMs) };
  const warm = {
    ms: sumOf(loaded, (each) => each.warm?.ms ?? 0),
    cpuMs: sumOf(loaded, (each) => each.warm?.cpuMs ?? 0),
  };
  return [
    ...helms,
    verdict(set, 'cold', cold, { version: faster, cpuMs: cpuOf(faster) }),
    verdict(set, 'warm', warm, { version: faster, cpuMs: cpuOf(faster, loaded) }),
  ];
}

function verdict(
  set: string,
  kind: keyof typeof BUDGET,
  ours: { readonly ms: number; readonly cpuMs: number },
  helm: { readonly version: HelmVersion; readonly cpuMs: number },
): string {
  const ratio = ours.cpuMs / helm.cpuMs;
  const of = `${ratio.toFixed(3)} of Helm ${helm.version}'s CPU, at most ${BUDGET[kind]}`;
  judge(`${set}, ${kind}: ${of}`, ratio <= BUDGET[kind]);
  return `${kind}: ${ours.ms.toFixed(0)} ms; CPU ${ours.cpuMs.toFixed(0)} ms, ${of}`;
}

function row(...cells: string[]): string {
  const title = cells.pop() ?? '';
  return `${cells.map((cell) => cell.padStart(9)).join('')}  ${title}`.trimEnd();
}

function sumOf(timed: readonly TimedCase[], figure: (each: TimedCase) => number): number {
  return timed.reduce((sum, each) => sum + figure(each), 0);
}
