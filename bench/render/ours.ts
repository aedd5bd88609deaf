// The process in which the project's renderer is timed: warms up as a renderer's thread does, then takes a case as a message, and answers
// with one.
//
// `cold` is reading a chart's files, values included, and rendering it, or as much of that as is done before it fails. Several cases are
// of the same chart, some charts were copied from repository to repository, and each case comes once in each round, so each template gets a
// comment that makes its text unique: what was parsed for another case, or for the same one in another round, is of no use. That is
// stricter than it would be in use, where charts share files.
//
// `warm` is a rendering of the chart just loaded, with values that it was not rendered with before; reading them is part of it. Several are
// timed together: asking for the CPU time takes up to 12 microseconds itself, which is a part of what is measured of a small chart.
import {
  type Chart,
  ChartError,
  DEFAULT_HELM_VERSION,
  type JsonObject,
  renderFiles,
  TemplateError,
  YamlError,
} from '../../chart-renderer/index.ts';
import { WARM_UPS, warmUp } from '../../chart-renderer/sandbox/warm-up.ts';
import type { Case } from '../../test/conformance/rendering/cases.ts';
import { loadSource, optionsOf } from '../../test/conformance/rendering/ours.ts';

/** Milliseconds; CPU is the CPU time of all threads of the process meanwhile. */
export interface Times {
  readonly ms: number;
  readonly cpuMs: number;
}

/** What one case took. */
export interface OurTimes {
  readonly outcome: 'rendered' | 'failed';
  readonly cold: Times;
  /** Of a rendering of the chart just rendered, with values that are not the same; none where the chart does not load. */
  readonly warm: Times | undefined;
  readonly outputChars: number;
  /** Whether a template names a function that looks for prime numbers, which takes a random time. */
  readonly drawsKeys: boolean;
}

/** A case to time, and a number that no other question to the process has. */
export interface TimedQuestion {
  readonly asked: Case;
  readonly index: number;
}

const WARM_RUNS = 3;
const DRAWING_KEYS = /\bgen(?:PrivateKey|CA|SelfSignedCert|SignedCert)/u;

async function timesOf({ asked, index }: TimedQuestion): Promise<OurTimes> {
  const load = await timed(() => attempt(() => loadSource(asked.chart, DEFAULT_HELM_VERSION)));
  const { result: loaded } = load;
  if (loaded === undefined) {
    return { outcome: 'failed', cold: load.times, warm: undefined, outputChars: 0, drawsKeys: false };
  }
  const chart = asNeverSeen(loaded, index);
  const first = await timed(() => rendered(chart, asked));
  return {
    outcome: first.result === undefined ? 'failed' : 'rendered',
    cold: { ms: load.times.ms + first.times.ms, cpuMs: load.times.cpuMs + first.times.cpuMs },
    warm: await timedAgain(chart, asked, first.result !== undefined),
    outputChars: Object.values(first.result ?? {}).reduce((sum, text) => sum + text.length, 0),
    drawsKeys: drawsKeys(chart),
  };
}

interface Timed<T> {
  readonly result: T;
  readonly times: Times;
}

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const result = await work();
  const ms = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  return { result, times: { ms, cpuMs: (user + system) / 1000 } };
}

/** Undefined where the chart is at fault. */
async function attempt<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ChartError || error instanceof TemplateError || error instanceof YamlError) return undefined;
    throw error;
  }
}

type Files = Readonly<Record<string, string>>;

function rendered(chart: Chart, asked: Case, added: JsonObject = {}): Promise<Files | undefined> {
  return attempt(() => {
    const options = optionsOf(asked, DEFAULT_HELM_VERSION);
    const global = { ...(options.values['global'] as JsonObject | undefined), ...added };
    const values = Object.keys(added).length === 0 ? options.values : { ...options.values, global };
    return renderFiles(chart, { ...options, values }).files;
  });
}

/** What one more rendering takes with a global that was not there before; a chart whose schema refuses that gets the old values again. */
async function timedAgain(chart: Chart, asked: Case, isRendered: boolean): Promise<Times> {
  const again = await timed(() => renderedAgain(chart, asked, (run) => ({ benchmarkRun: run })));
  const isRefused = isRendered && again.result === undefined;
  const { times } = isRefused ? await timed(() => renderedAgain(chart, asked, () => ({}))) : again;
  return { ms: times.ms / WARM_RUNS, cpuMs: times.cpuMs / WARM_RUNS };
}

async function renderedAgain(
  chart: Chart,
  asked: Case,
  addedOf: (run: number) => JsonObject,
): Promise<Files | undefined> {
  let files: Files | undefined;
  for (let run = 0; run < WARM_RUNS; run++) files = await rendered(chart, asked, addedOf(run));
  return files;
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

function drawsKeys({ templates, dependencies }: Chart): boolean {
  return templates.some(({ data }) => DRAWING_KEYS.test(Buffer.from(data).toString())) || dependencies.some(drawsKeys);
}

process.on('message', (question: TimedQuestion) => {
  void timesOf(question).then((times) => process.send?.(times));
});
await warmUp(WARM_UPS, () => true);
process.send?.('ready');
