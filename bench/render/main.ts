// Times the project's renderer beside Helm 3 and 4, over charts as they are and with values never seen; see README.md.
//
// Each process goes through the cases twice. In its first round it is "just started": V8 has compiled of the renderer what the warm-up calls
// that a renderer runs at its start, and compiles the rest meanwhile, which is some 40 % of a round over a thousand cases. In its second
// one it is "at work", as a renderer of a controller is that takes chart after chart until the controller ends. The goals are for the
// latter, since that is where a platform spends its CPU; what a process just started takes is printed beside it. Helm's processes, which
// are compiled ahead, get the same two rounds.
import { basename, join, resolve } from 'node:path';
import { type Case, findCases } from '../../test/conformance/rendering/cases.ts';
import { mutationsOf } from '../../test/conformance/rendering/variants.ts';
import { print, reportMissed } from '../goals.ts';
import { growthOf } from './growth.ts';
import { type Growth, growthRows, reportOf } from './report.ts';
import { type TimedCase, timedCase } from './timed-case.ts';
import { type Run, timeAll } from './timed-run.ts';

// One run would do to tell what Helm renders differently each time, as it has two rounds.
const RUNS = Math.max(1, Number(process.env['RUNS'] ?? 5));
/** How many charts are rendered in more and more copies, to see how the time grows. */
const CURVES = 5;
/** How many sets of other values each case gets: one of the project's own charts, which are small and often fail, or one of those given. */
const MUTATIONS = { own: 12, given: 2 };
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
  const timed = cases.flatMap((asked, at) => timedCase(titleOf(asked), runs[index] ?? [], at) ?? []);
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
