// The process in which the project's renderer is timed: takes a case as a message, and answers with one.
//
// `cold` is what a process takes that has rendered other charts but never this one: reading its files, values included, and rendering it,
// or as much of that as it does before it fails. Several cases are of the same chart, and some charts were copied from repository to
// repository, so each template gets a comment that makes its text unique: what was parsed for another case is of no use. That is stricter
// than it would be in use, where charts share files. Nothing is warmed up: the compiling that V8 does of the renderer itself is in the
// figures.
//
// `warm` is a rendering of the chart just loaded, with values that it was not rendered with before; reading them is part of it.
import {
  type Chart,
  ChartError,
  DEFAULT_HELM_VERSION,
  type JsonObject,
  renderFiles,
  TemplateError,
  YamlError,
} from '../../chart-renderer/index.ts';
import type { Case } from '../../test/conformance/rendering/cases.ts';
import { loadSource, optionsOf } from '../../test/conformance/rendering/ours.ts';
import { median } from '../measure.ts';

/** What one case took, in milliseconds; CPU is the CPU time of all threads of the process meanwhile. */
export interface OurTimes {
  readonly outcome: 'rendered' | 'failed';
  readonly coldMs: number;
  readonly coldCpuMs: number;
  /** Of a rendering of the chart just rendered, with values that are not the same; none where the chart does not load. */
  readonly warm: { readonly ms: number; readonly cpuMs: number } | undefined;
  readonly outputChars: number;
}

/** A case to time, and its number, which no other one has. */
export interface TimedQuestion {
  readonly asked: Case;
  readonly index: number;
}

const WARM_RUNS = 3;

async function timesOf({ asked, index }: TimedQuestion): Promise<OurTimes> {
  const load = await timed(() => loadSource(asked.chart, DEFAULT_HELM_VERSION));
  const { result: loaded } = load;
  if (loaded === undefined) {
    return { outcome: 'failed', coldMs: load.ms, coldCpuMs: load.cpuMs, warm: undefined, outputChars: 0 };
  }
  const chart = asNeverSeen(loaded, index);
  const render = await timedRender(chart, asked);
  const warm: Timed<unknown>[] = [];
  for (let run = 0; run < WARM_RUNS; run++) warm.push(await timedAgain(chart, asked, run, render));
  return {
    outcome: render.result === undefined ? 'failed' : 'rendered',
    coldMs: load.ms + render.ms,
    coldCpuMs: load.cpuMs + render.cpuMs,
    warm: { ms: median(warm.map(({ ms }) => ms)), cpuMs: median(warm.map(({ cpuMs }) => cpuMs)) },
    outputChars: Object.values(render.result ?? {}).reduce((sum, text) => sum + text.length, 0),
  };
}

interface Timed<T> {
  /** Undefined where the chart is at fault. */
  readonly result: T | undefined;
  readonly ms: number;
  readonly cpuMs: number;
}

async function timed<T>(work: () => T | Promise<T>): Promise<Timed<T>> {
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  let result: T | undefined;
  try {
    result = await work();
  } catch (error) {
    if (!(error instanceof ChartError || error instanceof TemplateError || error instanceof YamlError)) throw error;
  }
  const ms = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  return { result, ms, cpuMs: (user + system) / 1000 };
}

type Files = Readonly<Record<string, string>>;

function timedRender(chart: Chart, asked: Case, added: JsonObject = {}): Promise<Timed<Files>> {
  return timed(() => {
    const options = optionsOf(asked, DEFAULT_HELM_VERSION);
    const global = { ...(options.values['global'] as JsonObject | undefined), ...added };
    const values = Object.keys(added).length === 0 ? options.values : { ...options.values, global };
    return renderFiles(chart, { ...options, values }).files;
  });
}

/** One more rendering with a global that was not there before; charts whose schema refuses that get the old values again. */
async function timedAgain(chart: Chart, asked: Case, run: number, first: Timed<Files>): Promise<Timed<Files>> {
  const again = await timedRender(chart, asked, { benchmarkRun: run });
  const isRefused = again.result === undefined && first.result !== undefined;
  return isRefused ? timedRender(chart, asked) : again;
}

/** The chart with a comment of its own after each template: what was parsed for another case is of no use to it. */
function asNeverSeen(chart: Chart, index: number): Chart {
  const comment = Buffer.from(`{{/* ${index} */}}`);
  return {
    ...chart,
    templates: chart.templates.map(({ name, data }) => ({ name, data: Buffer.concat([data, comment]) })),
    dependencies: chart.dependencies.map((dependency) => asNeverSeen(dependency, index)),
  };
}

process.on('message', (question: TimedQuestion) => {
  void timesOf(question).then((times) => process.send?.(times));
});
