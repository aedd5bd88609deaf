import {
  type Chart,
  type ChartDependency,
  DEFAULT_HELM_VERSION,
  renderFiles,
  type RenderOptions,
} from '../../chart-renderer/index.ts';
import { type Case, caseOf } from '../../test/conformance/rendering/cases.ts';
import { loadSource, optionsOf } from '../../test/conformance/rendering/ours.ts';
import { median } from '../measure.ts';

/** A rendering of a chart that has another chart as a dependency so many times. */
export interface GrowthPoint {
  readonly copies: number;
  readonly outputChars: number;
  readonly ms: number;
}

const COPIES = [1, 2, 4, 8];
const RUNS = 5;
const LIMITS = { timeoutMs: 60_000, outputBytes: 512 * 1024 * 1024 };

/** How the time of rendering a chart grows with what it writes; the templates are parsed beforehand. */
export async function growthOf(asked: Case): Promise<GrowthPoint[]> {
  const chart = await loadSource(asked.chart, DEFAULT_HELM_VERSION);
  const options = { ...optionsOf(caseOf(asked.chart, ''), DEFAULT_HELM_VERSION), limits: LIMITS };
  return COPIES.map((copies) => pointOf(severalOf(chart, copies), options, copies));
}

function pointOf(chart: Chart, options: RenderOptions, copies: number): GrowthPoint {
  const times: number[] = [];
  let outputChars = 0;
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    const { files } = renderFiles(chart, options);
    if (run > 0) times.push(performance.now() - start);
    outputChars = Object.values(files).reduce((sum, text) => sum + text.length, 0);
  }
  return { copies, outputChars, ms: median(times) };
}

/** A chart without templates of its own that has the chart as its dependency under several names. */
function severalOf(chart: Chart, copies: number): Chart {
  const dependencies = Array.from({ length: copies }, (_, copy): ChartDependency => ({
    name: chart.metadata.name,
    version: chart.metadata.version,
    repository: '',
    condition: '',
    tags: [],
    enabled: true,
    'import-values': [],
    alias: `copy${copy}`,
  }));
  return {
    ...chart,
    metadata: { ...chart.metadata, name: 'several', dependencies },
    values: new Map(),
    schema: undefined,
    templates: [],
    files: [],
    dependencies: [chart],
  };
}
