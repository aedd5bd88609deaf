// Times the project's renderer and Helm's over every chart below a directory; see README.md.
import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { type Case, findCases } from '../../test/conformance/rendering/cases.ts';
import { type HelmAnswer, Oracle } from '../../test/conformance/rendering/oracle.ts';
import { median } from '../measure.ts';
import { growthOf } from './growth.ts';
import type { OurTimes } from './ours.ts';
import { TimedRenderer } from './timed-renderer.ts';
import { type Growth, reportOf, type TimedCase } from './report.ts';

// Two runs at least tell what Helm renders differently each time.
const RUNS = Math.max(2, Number(process.env['RUNS'] ?? 5));
/** How many cases one side renders before it is the other's turn. */
const TURN = 100;
/** How many charts are rendered many times over, to see how that grows. */
const CURVES = 5;
const [directory, filter = ''] = process.argv.slice(2);
if (directory === undefined) {
  console.error('usage: node bench/render/main.ts DIRECTORY [PART-OF-A-TITLE]');
  process.exit(2);
}

const cases = (await findCases(resolve(directory))).filter((each) => titleOf(each).includes(filter));
const helm: HelmTimes[][] = [];
const ours: (OurTimes | undefined)[][] = [];
for (let run = 1; run <= RUNS; run++) {
  process.stderr.write(`run ${run} of ${RUNS}: ${cases.length} cases\n`);
  await timeBoth();
}
const timed = cases.flatMap((asked, index) => timedCase(asked, index) ?? []);
process.stdout.write(reportOf(timed, cases.length, await growths(timed)));

/** What Helm took for a case, and a digest of all it rendered. */
interface HelmTimes {
  readonly ms: number;
  readonly renderMs: number;
  readonly cpuMs: number;
  readonly digest: string;
}

/**
 * One run: a process of each side. They take turns, so that what else slows the machine slows both, but not at each case: a process that
 * was not on for a while finds nothing of its own in the processor's caches.
 */
async function timeBoth(): Promise<void> {
  const oracle = await Oracle.start();
  const renderer = TimedRenderer.start();
  const theirs: HelmTimes[] = [];
  const own: (OurTimes | undefined)[] = [];
  for (let from = 0; from < cases.length; from += TURN) {
    const turn = cases.slice(from, from + TURN);
    for (const each of turn) theirs.push(await timeHelm(oracle, each));
    for (const [index, each] of turn.entries()) own.push(await renderer.time(each, from + index));
  }
  helm.push(theirs);
  ours.push(own);
  renderer.stop();
  await oracle.stop();
}

/** Helm's times; those of cases that fail have no digest. */
async function timeHelm(oracle: Oracle, asked: Case): Promise<HelmTimes> {
  const answer = await oracle.render(asked);
  const { loadMicros, renderMicros, cpuMicros } = answer;
  return {
    ms: (loadMicros + renderMicros) / 1000,
    renderMs: renderMicros / 1000,
    cpuMs: cpuMicros / 1000,
    digest: digestOf(answer),
  };
}

function digestOf({ files }: HelmAnswer): string {
  return files === undefined ? '' : createHash('sha256').update(JSON.stringify(files)).digest('hex');
}

/** The medians of a case that both render, and that Helm renders the same each time. */
function timedCase(asked: Case, index: number): TimedCase | undefined {
  const theirs = helm.map((run) => run[index] as HelmTimes);
  const times = ours.map((run) => run[index]).filter((time) => time !== undefined);
  const digest = theirs[0]?.digest;
  if (times.length < RUNS || digest === '' || theirs.some((time) => time.digest !== digest)) return undefined;
  return {
    title: titleOf(asked),
    outputChars: times[0]?.outputChars ?? 0,
    helmMs: median(theirs.map(({ ms }) => ms)),
    helmRenderMs: median(theirs.map(({ renderMs }) => renderMs)),
    helmCpuMs: median(theirs.map(({ cpuMs }) => cpuMs)),
    coldMs: median(times.map(({ coldMs }) => coldMs)),
    coldCpuMs: median(times.map(({ coldCpuMs }) => coldCpuMs)),
    warmMs: median(times.map(({ warmMs }) => warmMs)),
    warmCpuMs: median(times.map(({ warmCpuMs }) => warmCpuMs)),
  };
}

/** The curves of the charts that write the most. */
async function growths(all: readonly TimedCase[]): Promise<Growth[]> {
  const largest = new Map<string, Case>();
  for (const { title } of all.toSorted((a, b) => b.outputChars - a.outputChars)) {
    const asked = cases.find((each) => titleOf(each) === title);
    const name = asked === undefined ? '' : basename(asked.chart.path);
    if (asked !== undefined && !largest.has(name)) largest.set(name, asked);
    if (largest.size === CURVES) break;
  }
  const curves = await Promise.all(
    Array.from(largest, async ([title, { chart }]) => ({ title, points: await growthOf(chart) })),
  );
  // Some charts write the same however often they are there.
  return curves.filter(({ points }) => points[0]?.outputChars !== points.at(-1)?.outputChars);
}

function titleOf({ repository, title }: Case): string {
  return `${repository} ${title}`;
}
