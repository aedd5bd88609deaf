// The process in which the project's renderer is timed: takes a case as a message, and answers with one.
//
// `cold` is what a process takes that has rendered other charts but never this one: reading its files, values and all, and rendering it.
// Several cases are of the same chart, and some charts were copied from repository to repository, so a comment is added to each template
// that makes it a text of its own: what was parsed for another case is of no use. That is stricter than it would be in use, where charts
// share files. Nothing is warmed up: the compiling that V8 does of the renderer itself is in the figures.
//
// `warm` is a rendering of the chart just loaded, with values that it was not rendered with before; reading them is part of it.
import {
  type Chart,
  ChartError,
  type JsonObject,
  readYaml,
  renderFiles,
  TemplateError,
} from '../../chart-renderer/index.ts';
import type { Case } from '../../test/conformance/rendering/cases.ts';
import { median } from '../measure.ts';
import { loadSource, optionsWith } from './case.ts';

/** What one case took: `warmMs` is a rendering of the chart just rendered, with values that are not the same. */
export interface OurTimes {
  readonly coldMs: number;
  readonly warmMs: number;
  /** What all threads of the process worked in the time of `coldMs`, and of `warmMs`. */
  readonly coldCpuMs: number;
  readonly warmCpuMs: number;
  readonly outputChars: number;
}

/** A case to time, and its number, which no other one has. */
export interface TimedQuestion {
  readonly asked: Case;
  readonly index: number;
}

const WARM_RUNS = 3;

async function timesOf({ asked, index }: TimedQuestion): Promise<OurTimes | undefined> {
  const { chart: source, valuesText } = asked;
  try {
    const loading = startOf();
    const loaded = await loadSource(source);
    const load = since(loading);
    const chart = asNeverSeen(loaded, index);
    const render = timedRender(chart, () => readYaml(valuesText) as JsonObject | null);
    const warm = Array.from({ length: WARM_RUNS }, (_, run) => warmTimes(chart, valuesText, run));
    return {
      coldMs: load.ms + render.ms,
      warmMs: median(warm.map(({ ms }) => ms)),
      coldCpuMs: load.cpuMs + render.cpuMs,
      warmCpuMs: median(warm.map(({ cpuMs }) => cpuMs)),
      outputChars: render.outputChars,
    };
  } catch (error) {
    if (error instanceof ChartError || error instanceof TemplateError) return undefined;
    throw error;
  }
}

interface Start {
  readonly ms: number;
  readonly cpu: NodeJS.CpuUsage;
}

interface Elapsed {
  readonly ms: number;
  readonly cpuMs: number;
}

function startOf(): Start {
  return { ms: performance.now(), cpu: process.cpuUsage() };
}

function since({ ms, cpu }: Start): Elapsed {
  const elapsed = performance.now() - ms;
  const { user, system } = process.cpuUsage(cpu);
  return { ms: elapsed, cpuMs: (user + system) / 1000 };
}

/** One more rendering with a global that was not there before; charts whose schema refuses that get the old values again. */
function warmTimes(chart: Chart, valuesText: string, run: number): Elapsed {
  const read = (): JsonObject => (readYaml(valuesText) ?? {}) as JsonObject;
  try {
    return timedRender(chart, () => withGlobal(read(), run));
  } catch (error) {
    if (error instanceof ChartError || error instanceof TemplateError) return timedRender(chart, read);
    throw error;
  }
}

function withGlobal(values: JsonObject, run: number): JsonObject {
  return { ...values, global: { ...(values['global'] as JsonObject | undefined), benchmarkRun: run } };
}

function timedRender(chart: Chart, readValues: () => JsonObject | null): Elapsed & { readonly outputChars: number } {
  const start = startOf();
  const { files } = renderFiles(chart, optionsWith(readValues() ?? {}));
  const elapsed = since(start);
  return { ...elapsed, outputChars: Object.values(files).reduce((sum, text) => sum + text.length, 0) };
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
  void timesOf(question).then((times) => process.send?.(times ?? null));
});
