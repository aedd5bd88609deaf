// The process in which the project's renderer is timed: takes the cases as one message, answers with one, and ends.
import {
  type Chart,
  ChartError,
  type JsonObject,
  loadChart,
  readYaml,
  renderFiles,
  type RenderOptions,
  TemplateError,
} from '../chart-renderer/index.ts';
import { API_VERSIONS, type Case, type ChartSource, KUBE_VERSION, RELEASE } from '../test/conformance/cases.ts';

/** What one case took: `warmMs` is a rendering of the chart just rendered, with values that are not the same. */
export interface OurTimes {
  readonly coldMs: number;
  readonly warmMs: number;
  readonly outputChars: number;
}

const WARM_RUNS = 3;

/** Times of all cases in their order; undefined where a case fails. */
async function timeAll(cases: readonly Case[]): Promise<(OurTimes | undefined)[]> {
  const times: (OurTimes | undefined)[] = [];
  for (const [index, asked] of cases.entries()) times.push(await timesOf(asked, index));
  return times;
}

async function timesOf({ chart: source, valuesText }: Case, index: number): Promise<OurTimes | undefined> {
  try {
    const loading = performance.now();
    const loaded = await loadSource(source);
    const loadMs = performance.now() - loading;
    const chart = asNeverSeen(loaded, index);
    const { ms, outputChars } = timedRender(chart, () => readYaml(valuesText) as JsonObject | null);
    const warm = Array.from({ length: WARM_RUNS }, (_, run) => warmMs(chart, valuesText, run));
    return { coldMs: loadMs + ms, warmMs: warm.sort((a, b) => a - b)[Math.floor(WARM_RUNS / 2)] ?? 0, outputChars };
  } catch (error) {
    if (error instanceof ChartError || error instanceof TemplateError) return undefined;
    throw error;
  }
}

/** One more rendering with a global that was not there before; charts whose schema refuses that get the old values again. */
function warmMs(chart: Chart, valuesText: string, run: number): number {
  const read = (): JsonObject => (readYaml(valuesText) ?? {}) as JsonObject;
  try {
    return timedRender(chart, () => withGlobal(read(), run)).ms;
  } catch (error) {
    if (error instanceof ChartError || error instanceof TemplateError) return timedRender(chart, read).ms;
    throw error;
  }
}

function withGlobal(values: JsonObject, run: number): JsonObject {
  return { ...values, global: { ...(values['global'] as JsonObject | undefined), benchmarkRun: run } };
}

function timedRender(chart: Chart, readValues: () => JsonObject | null): { ms: number; outputChars: number } {
  const start = performance.now();
  const { files } = renderFiles(chart, optionsWith(readValues() ?? {}));
  const ms = performance.now() - start;
  return { ms, outputChars: Object.values(files).reduce((sum, text) => sum + text.length, 0) };
}

function optionsWith(values: JsonObject): RenderOptions {
  return { release: RELEASE, values, capabilities: { kubeVersion: KUBE_VERSION, apiVersions: API_VERSIONS } };
}

async function loadSource({ path, extras }: ChartSource): Promise<Chart> {
  const chart = await loadChart(path);
  const added: Chart[] = [];
  for (const extra of extras) added.push(await loadSource(extra));
  return { ...chart, dependencies: [...chart.dependencies, ...added] };
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

process.once('message', (cases: readonly Case[]) => {
  void timeAll(cases).then((times) => process.send?.(times, () => process.disconnect()));
});
