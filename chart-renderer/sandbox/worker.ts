import { parentPort, workerData } from 'node:worker_threads';
import type { Chart } from '../chart/chart.ts';
import { loadChart } from '../chart/load.ts';
import { textsIn } from '../chart/texts.ts';
import type { Lookup } from '../prepare.ts';
import { processorMs } from '../processor-time.ts';
import { renderChart } from '../render.ts';
import { ChartCache } from './chart-cache.ts';
import { confine } from './confine.ts';
import { failureOf } from './failure.ts';
import type { Question, RenderTask, Reply, Request, WorkerSettings } from './messages.ts';
import { keyOfQuestion } from './messages.ts';
import { partsOfRendering } from './rendering-parts.ts';
import { WARM_UPS, warmUp } from './warm-up.ts';

// The thread in which charts are loaded and rendered: one request, one reply. The process around it is host.ts.

const { load, render, objectBytes } = workerData as WorkerSettings;
const charts = new ChartCache();

/** How long a thread waits without a request before it warms up: what it was started for comes sooner. */
const IDLE_MS = 100;

async function answer(request: Request): Promise<Reply> {
  const startedMs = processorMs();
  try {
    const chart = await chartOf(request);
    if (chart === undefined) return { type: 'unknown-chart' };
    if (request.task === 'render') return await rendered(chart, request, startedMs);
    if (request.task === 'read') return { type: 'read', texts: textsIn(chart, request.paths) };
    const { name, version, appVersion } = chart.metadata;
    return { type: 'inspected', facts: { name, version, appVersion } };
  } catch (error) {
    return { type: 'failed', failure: failureOf(error) };
  }
}

async function chartOf({ key, helmVersion, bytes }: Request): Promise<Chart | undefined> {
  const known = charts.get(key);
  if (known !== undefined || bytes === undefined) return known;
  const chart = await loadChart(bytes, { ...load, helmVersion });
  charts.keep(key, chart);
  return chart;
}

async function rendered(chart: Chart, request: RenderTask & Request, startedMs: number): Promise<Reply> {
  const questions = new Map<string, Question>();
  const lookup: Lookup = (...question) => {
    const key = keyOfQuestion(question);
    if (!request.answers.has(key)) questions.set(key, question);
    return request.answers.get(key) ?? null;
  };
  const timeoutMs = request.timeoutMs - (processorMs() - startedMs);
  try {
    const rendering = await renderChart(chart, { ...request.options, lookup, limits: { ...render, timeoutMs } });
    if (questions.size > 0) return { type: 'questions', questions: [...questions.values()] };
    return { type: 'rendered', parts: partsOfRendering(rendering, objectBytes) };
  } catch (error) {
    // A template may fail for lack of an answer that is about to come.
    if (questions.size > 0) return { type: 'questions', questions: [...questions.values()] };
    throw error;
  }
}

confine();
let isAsked = false;
parentPort?.on('message', (request: Request) => {
  isAsked = true;
  void answer(request).then((reply) => parentPort?.postMessage(reply));
});
parentPort?.postMessage({ type: 'ready' } satisfies Reply);
setTimeout(() => void warmUp(WARM_UPS, () => !isAsked), IDLE_MS).unref();
