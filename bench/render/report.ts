import type { GrowthPoint } from './growth.ts';

/** One case's medians; Helm's includes loading the chart, and so does `coldMs`. */
export interface TimedCase {
  readonly title: string;
  readonly outputChars: number;
  readonly helmMs: number;
  /** The part of `helmMs` after the chart was loaded. */
  readonly helmRenderMs: number;
  readonly helmCpuMs: number;
  readonly coldMs: number;
  readonly coldCpuMs: number;
  readonly warmMs: number;
  readonly warmCpuMs: number;
}

/** A chart and how its rendering grows. */
export interface Growth {
  readonly title: string;
  readonly points: readonly GrowthPoint[];
}

/** What the renderer may take of Helm's time in total. */
const BUDGET = { cold: 0.5, warm: 0.1 };
const SLOWEST = 10;

/** The slowest cases, the curves of growth and the totals. */
export function reportOf(timed: readonly TimedCase[], found: number, growths: readonly Growth[]): string {
  return [
    ...slowestRows(timed),
    '',
    ...growths.flatMap(growthRows),
    `${timed.length} of ${found} cases: the others fail, or render differently each time`,
    ...totals(timed),
    '',
  ].join('\n');
}

function slowestRows(timed: readonly TimedCase[]): string[] {
  const slowest = timed.toSorted((a, b) => b.coldMs - a.coldMs).slice(0, SLOWEST);
  return [
    `The slowest ${slowest.length} of ours (ms):`,
    row('Helm', 'cold', 'warm', 'ratio', 'chars', 'chart'),
    ...slowest.map(({ helmMs, coldMs, warmMs, outputChars, title }) =>
      row(
        helmMs.toFixed(1),
        coldMs.toFixed(1),
        warmMs.toFixed(1),
        (coldMs / helmMs).toFixed(2),
        String(outputChars),
        title,
      ),
    ),
  ];
}

function growthRows({ title, points }: Growth): string[] {
  return [
    `${title}, so many times as a dependency (warm):`,
    row('times', 'chars', 'ms', 'ms/Mchar', ''),
    ...points.map(({ copies, outputChars, ms }) =>
      row(String(copies), String(outputChars), ms.toFixed(1), ((ms / outputChars) * 1e6).toFixed(1), ''),
    ),
    '',
  ];
}

function totals(timed: readonly TimedCase[]): string[] {
  const helm = sumOf(timed, 'helmMs');
  const warm = sumOf(timed, 'warmMs');
  const helmRender = sumOf(timed, 'helmRenderMs');
  const [coldCpu, warmCpu, helmCpu] = (['coldCpuMs', 'warmCpuMs', 'helmCpuMs'] as const).map((figure) =>
    sumOf(timed, figure),
  ) as [number, number, number];
  return [
    `Helm's time is that of loading and rendering, for both; rendering alone is ${helmRender.toFixed(0)} ms, of which warm is ${(warm / helmRender).toFixed(3)}`,
    `time of all processors: cold ${coldCpu.toFixed(0)} ms, warm ${warmCpu.toFixed(0)} ms, Helm ${helmCpu.toFixed(0)} ms, ratios ${(coldCpu / helmCpu).toFixed(3)} and ${(warmCpu / helmCpu).toFixed(3)}`,
    verdict('cold', sumOf(timed, 'coldMs'), helm),
    verdict('warm', warm, helm),
  ];
}

function verdict(kind: keyof typeof BUDGET, ms: number, helmMs: number): string {
  const ratio = ms / helmMs;
  const judged = ratio <= BUDGET[kind] ? 'ok' : 'over';
  return `${kind}: ours ${ms.toFixed(0)} ms, Helm ${helmMs.toFixed(0)} ms, ratio ${ratio.toFixed(3)} of at most ${BUDGET[kind]}: ${judged}`;
}

function row(...cells: string[]): string {
  const title = cells.pop() ?? '';
  return `${cells.map((cell) => cell.padStart(9)).join('')}  ${title}`.trimEnd();
}

type Figure = Exclude<keyof TimedCase, 'title'>;

function sumOf(timed: readonly TimedCase[], figure: Figure): number {
  return timed.reduce((sum, each) => sum + each[figure], 0);
}
