import { LoadBudget } from '../../../chart-renderer/archive/budget.ts';
import { LOAD_LIMITS } from '../../../chart-renderer/archive/limits.ts';
import { buildChart } from '../../../chart-renderer/chart/build.ts';
import {
  type Chart,
  ChartError,
  DEFAULT_HELM_VERSION,
  type HelmVersion,
  type JsonObject,
  loadChart,
  type RenderOptions,
  renderChart,
  renderFiles,
  TemplateError,
  YamlError,
} from '../../../chart-renderer/index.ts';
import { readValuesFile } from '../../../chart-renderer/chart/values-file.ts';
import { toJson } from '../../../golang/json/index.ts';
import type { Case, ChartSource } from './cases.ts';
import { type Sent, sentByUs } from './sent.ts';

/** What the project's own renderer made of a case: files, or an error. */
export interface OurAnswer {
  readonly files?: Readonly<Record<string, string>>;
  readonly sent?: Sent;
  /** Why nothing would be sent although there are files. */
  readonly manifestError?: string;
  readonly error?: string;
  readonly loadMicros: number;
  readonly renderMicros: number;
}

/** Loads and renders the case's chart as a version of Helm does. Throws only for errors that are none of a chart's. */
export async function renderOurs(asked: Case, helmVersion = DEFAULT_HELM_VERSION): Promise<OurAnswer> {
  const start = performance.now();
  let loadMicros = 0;
  try {
    const chart = await loadSource(asked.chart, helmVersion);
    loadMicros = microsSince(start);
    const options = optionsOf(asked, helmVersion);
    const rendering = performance.now();
    const { files } = renderFiles(chart, options);
    const renderMicros = microsSince(rendering);
    return { files, loadMicros, renderMicros, ...(await readRendered(chart, asked)) };
  } catch (error) {
    return { error: messageOf(error), loadMicros, renderMicros: 0 };
  }
}

/** What the case is rendered for, its values read as by a version of Helm. */
export function optionsOf(
  { valuesText, setting: { release, kubeVersion, apiVersions } }: Case,
  helmVersion: HelmVersion,
): RenderOptions {
  const values = toJson(readValuesFile(Buffer.from(valuesText), helmVersion)) as JsonObject;
  return { release, values, capabilities: { kubeVersion, apiVersions } };
}

async function readRendered(chart: Chart, asked: Case): Promise<Partial<OurAnswer>> {
  try {
    return { sent: sentByUs(await renderChart(chart, optionsOf(asked, chart.helmVersion)), asked.setting) };
  } catch (error) {
    return { manifestError: messageOf(error) };
  }
}

/** The chart with those that its repository keeps elsewhere. */
export async function loadSource({ path, files, extras }: ChartSource, helmVersion: HelmVersion): Promise<Chart> {
  const chart =
    files === undefined
      ? await loadChart(path, { links: 'follow-all', helmVersion })
      : await chartOf(files, helmVersion);
  if (extras.length === 0) return chart;
  const added = await Promise.all(extras.map((extra) => loadSource(extra, helmVersion)));
  return { ...chart, dependencies: [...chart.dependencies, ...added] };
}

function chartOf(files: Readonly<Record<string, string>>, helmVersion: HelmVersion): Promise<Chart> {
  const named = Object.entries(files).map(([name, text]) => ({ name, data: Buffer.from(text) }));
  return buildChart(named, new LoadBudget(LOAD_LIMITS), helmVersion);
}

function messageOf(error: unknown): string {
  if (error instanceof ChartError || error instanceof TemplateError || error instanceof YamlError) return error.message;
  if (error instanceof Error) return `UNEXPECTED ${error.stack ?? error.message}`;
  throw error;
}

function microsSince(start: number): number {
  return Math.round((performance.now() - start) * 1000);
}
