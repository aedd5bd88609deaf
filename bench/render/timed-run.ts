import { createHash } from 'node:crypto';
import type { HelmVersion } from '../../chart-renderer/index.ts';
import type { Case } from '../../test/conformance/rendering/cases.ts';
import { type HelmAnswer, type Oracle, startOracles } from '../../test/conformance/rendering/oracle.ts';
import type { OurTimes, Times } from './ours.ts';
import { TimedRenderer } from './timed-renderer.ts';

/** A process' first round over the cases, and the one after it. */
export const STAGES = ['just started', 'at work'] as const;
export type Stage = (typeof STAGES)[number];

/** What Helm took to load and render a case, or to fail. */
export interface HelmTimes extends Times {
  /** The part of `ms` after the chart was loaded. */
  readonly renderMs: number;
}

/** What Helm took for a case, and what tells its outcome from others: the digest of its files, or `FAILED`. */
export interface HelmOutcome extends HelmTimes {
  readonly digest: string;
}

/** What one round took, case by case. */
export interface Round {
  readonly helm: Readonly<Record<HelmVersion, HelmOutcome[]>>;
  readonly ours: OurTimes[];
}

/** The rounds of one process of each side. */
export type Run = Readonly<Record<Stage, Round>>;

/** The digest of the files of a case that fails. */
export const FAILED = '';
/** How many cases one side renders before it is the next one's turn. */
const TURN = 100;

/**
 * A process of each side goes through the cases twice. They take turns, so that whatever slows the machine slows all of them, but not at
 * each case: a process that has not run for a while finds nothing of its own in the processor's caches.
 */
export async function timeAll(cases: readonly Case[]): Promise<Run> {
  const oracles = await startOracles();
  const renderer = await TimedRenderer.start();
  const run = { 'just started': emptyRound(), 'at work': emptyRound() } satisfies Run;
  let asked = 0;
  for (const stage of STAGES) {
    const { helm, ours } = run[stage];
    for (let from = 0; from < cases.length; from += TURN) {
      const turn = cases.slice(from, from + TURN);
      for (const oracle of oracles) helm[oracle.helmVersion].push(...(await timeHelm(oracle, turn)));
      for (const each of turn) ours.push(await renderer.time(each, asked++));
    }
  }
  renderer.stop();
  await Promise.all(oracles.map((oracle) => oracle.stop()));
  return run;
}

function emptyRound(): Round {
  return { helm: { v3: [], v4: [] }, ours: [] };
}

async function timeHelm(oracle: Oracle, turn: readonly Case[]): Promise<HelmOutcome[]> {
  const outcomes: HelmOutcome[] = [];
  for (const asked of turn) {
    const answer = await oracle.render(asked, { filesOnly: true });
    const { loadMicros, renderMicros, cpuMicros } = answer;
    outcomes.push({
      ms: (loadMicros + renderMicros) / 1000,
      renderMs: renderMicros / 1000,
      cpuMs: cpuMicros / 1000,
      digest: digestOf(answer),
    });
  }
  return outcomes;
}

function digestOf({ files = {}, error }: HelmAnswer): string {
  return error !== undefined ? FAILED : createHash('sha256').update(JSON.stringify(files)).digest('hex');
}
