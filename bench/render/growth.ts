import type { Chart, ChartDependency } from '../../chart-renderer/index.ts';
import { renderFiles } from '../../chart-renderer/index.ts';
import type { ChartSource } from '../../test/conformance/rendering/cases.ts';
import { median } from '../measure.ts';
import { loadSource, optionsWith } from './case.ts';

/** A rendering of a chart that has another one so many times as a dependency. */
export interface GrowthPoint {
  readonly copies: number;
  readonly outputChars: number;
  readonly ms: number;
}

const COPIES = [1, 2, 4, 8];
const RUNS = 5;
const LIMITS = { timeoutMs: 60_000, outputBytes: 512 * 1024 * 1024 };

/** How the time of rendering a chart grows with what it writes; the templates were parsed before. */
export async function growthOf(source: ChartSource): Promise<GrowthPoint[]> {
  const chart = await loadSource(source);
  return COPIES.map((copies) => pointOf(severalOf(chart, copies), copies));
}

function pointOf(chart: Chart, copies: number): GrowthPoint {
  const times: number[] = [];
  let outputChars = 0;
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    const { files } = renderFiles(chart, { ...optionsWith({}), limits: LIMITS });
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
