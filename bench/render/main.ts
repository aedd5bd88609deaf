// Times the project's renderer beside Helm 3 and 4, over charts as they are and with values never seen; see README.md.
import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { HELM_VERSIONS, type HelmVersion } from '../../chart-renderer/index.ts';
import { type Case, findCases } from '../../test/conformance/rendering/cases.ts';
import { type HelmAnswer, type Oracle, startOracles } from '../../test/conformance/rendering/oracle.ts';
import { mutationsOf } from '../../test/conformance/rendering/variants.ts';
import { print, reportMissed } from '../goals.ts';
import { median } from '../measure.ts';
import { growthOf } from './growth.ts';
import type { OurTimes } from './ours.ts';
import { type Growth, growthRows, type HelmTimes, reportOf, type TimedCase } from './report.ts';
import { TimedRenderer } from './timed-renderer.ts';

// At least two runs are needed to tell what Helm renders differently each time.
const RUNS = Math.max(2, Number(process.env['RUNS'] ?? 5));
/** How many cases one side renders before it is the next one's turn. */
const TURN = 100;
/** How many charts are rendered in more and more copies, to see how the time grows. */
const CURVES = 5;
/** How many sets of other values each case gets: one of the project's own charts, which are small and often fail, or one of those given. */
const MUTATIONS = { own: 12, given: 2 };
const FAILED = '';
const OWN_CHARTS = join(import.meta.dirname, '..', '..', 'test', 'conformance', 'charts');

const [directory, filter = ''] = process.argv.slice(2);
const own = await findCases(OWN_CHARTS);
const given = directory === undefined ? [] : await findCases(resolve(directory));
const unseen = [...(await mutated(own, MUTATIONS.own)), ...(await mutated(given, MUTATIONS.given))];
const sets = [
  { title: 'charts as they are', cases: wanted(directory === undefined ? own : given) },
  { title: 'charts with values never seen', cases: wanted(unseen) },
];
const runs = sets.map((): Run[] => []);
for (let run = 1; run <= RUNS; run++) {
  for (const [index, { title, cases }] of sets.entries()) {
    process.stderr.write(`run ${run} of ${RUNS}: ${cases.length} ${title}\n`);
    runs[index]?.push(await timeAll(cases));
  }
}
for (const [index, { title, cases }] of sets.entries()) {
  const timed = cases.flatMap((asked, at) => timedCase(asked, runs[index] ?? [], at) ?? []);
  for (const line of reportOf(title, timed, cases.length)) print(line);
  if (index === 0) for (const growth of await growths(timed, cases)) growthRows(growth).forEach(print);
}
reportMissed();

async function mutated(cases: readonly Case[], mutations: number): Promise<Case[]> {
  return (await Promise.all(cases.map((asked) => mutationsOf(asked, mutations)))).flat();
}

function wanted(cases: readonly Case[]): Case[] {
  return cases.filter((each) => titleOf(each).includes(filter));
}

/** What Helm took for a case, and what tells its outcome from others. */
interface HelmOutcome extends HelmTimes {
  readonly digest: string;
}

/** What one run took, case by case. */
interface Run {
  readonly helm: Readonly<Record<HelmVersion, HelmOutcome[]>>;
  readonly ours: OurTimes[];
}

/**
 * One run: a process of each side. They take turns, so that whatever slows the machine slows all of them, but not at each case: a process
 * that has not run for a while finds nothing of its own in the processor's caches.
 */
async function timeAll(cases: readonly Case[]): Promise<Run> {
  const oracles = await startOracles();
  const renderer = TimedRenderer.start();
  const run: Run = { helm: { v3: [], v4: [] }, ours: [] };
  for (let from = 0; from < cases.length; from += TURN) {
    const turn = cases.slice(from, from + TURN);
    for (const oracle of oracles) {
      for (const each of turn) run.helm[oracle.helmVersion].push(await timeHelm(oracle, each));
    }
    for (const [index, each] of turn.entries()) run.ours.push(await renderer.time(each, from + index));
  }
  renderer.stop();
  await Promise.all(oracles.map((oracle) => oracle.stop()));
  return run;
}

async function timeHelm(oracle: Oracle, asked: Case): Promise<HelmOutcome> {
  const answer = await oracle.render(asked);
  const { loadMicros, renderMicros, cpuMicros } = answer;
  return {
    ms: (loadMicros + renderMicros) / 1000,
    renderMs: renderMicros / 1000,
    cpuMs: cpuMicros / 1000,
    digest: digestOf(answer),
  };
}

function digestOf({ files = {}, error }: HelmAnswer): string {
  return error !== undefined ? FAILED : createHash('sha256').update(JSON.stringify(files)).digest('hex');
}

/** The medians of a case that all sides render, or fail, and that each Helm renders the same each time. */
function timedCase(asked: Case, all: readonly Run[], index: number): TimedCase | undefined {
  const ours = all.map((run) => run.ours[index]).filter((times) => times !== undefined);
  const outcome = ours[0]?.outcome;
  if (outcome === undefined || ours.some((times) => times.outcome !== outcome)) return undefined;
  const helm = HELM_VERSIONS.map((version) => all.map((run) => run.helm[version][index]).filter((times) => !!times));
  const digests = helm.map((times) => new Set(times.map(({ digest }) => digest)));
  if (digests.some((each) => each.size > 1 || each.has(FAILED) !== (outcome === 'failed'))) return undefined;
  const warm = ours.map((times) => times.warm).filter((times) => times !== undefined);
  const [v3, v4] = helm.map((times) => ({
    ms: median(times.map(({ ms }) => ms)),
    renderMs: median(times.map(({ renderMs }) => renderMs)),
    cpuMs: median(times.map(({ cpuMs }) => cpuMs)),
  })) as [HelmTimes, HelmTimes];
  return {
    title: titleOf(asked),
    outcome,
    outputChars: ours[0]?.outputChars ?? 0,
    helm: { v3, v4 },
    coldMs: median(ours.map(({ coldMs }) => coldMs)),
    coldCpuMs: median(ours.map(({ coldCpuMs }) => coldCpuMs)),
    warm:
      warm.length === 0
        ? undefined
        : { ms: median(warm.map(({ ms }) => ms)), cpuMs: median(warm.map(({ cpuMs }) => cpuMs)) },
  };
}

/** The curves of the charts that write the most. */
async function growths(all: readonly TimedCase[], cases: readonly Case[]): Promise<Growth[]> {
  const largest = new Map<string, Case>();
  for (const { title } of all.toSorted((a, b) => b.outputChars - a.outputChars)) {
    const asked = cases.find((each) => titleOf(each) === title);
    const name = asked === undefined ? '' : basename(asked.chart.path);
    if (asked !== undefined && !largest.has(name)) largest.set(name, asked);
    if (largest.size === CURVES) break;
  }
  const curves = await Promise.all(
    Array.from(largest, async ([title, asked]) => ({ title, points: await growthOf(asked) })),
  );
  // Some charts write the same however often they are there.
  return curves.filter(({ points }) => points[0]?.outputChars !== points.at(-1)?.outputChars);
}

function titleOf({ repository, title }: Case): string {
  return `${repository} ${title}`;
}
