import { ChartError, TemplateError, frameOf, renderChart, renderFiles } from '../../chart-renderer/index.ts';
import type { Chart, RenderOptions } from '../../chart-renderer/index.ts';
import { asStrictVersion } from '../../golang/semver/index.ts';
import type { LintCase } from './lint-cases.ts';

/** What is wrong with a chart; `place` shows where, as lines of text. */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly text: string;
  readonly place?: string | undefined;
}

const RELEASE = {
  name: 'release-name',
  namespace: 'default',
  revision: 1,
  isInstall: true,
  isUpgrade: false,
  service: 'Helm',
};

/** What is wrong with a chart before it is rendered. */
export function findingsOf({ metadata }: Chart): Finding[] {
  if (asStrictVersion(metadata.version) !== undefined) return [];
  const text = `the version ${metadata.version} is not a strict semantic version: no range takes it from an OCI registry`;
  return [{ level: 'warning', text }];
}

/** What is wrong with what a chart renders with some values; at most one error, since nothing comes after it. */
export async function findingsWith(
  chart: Chart,
  { title, values }: LintCase,
  capabilities: RenderOptions['capabilities'],
): Promise<Finding[]> {
  const options = { release: RELEASE, values, capabilities };
  try {
    const { warnings, emptyDefinitions: file } = await renderChart(chart, options);
    const findings = warnings.map((text): Finding => ({ level: 'warning', text: `with ${title}: ${text}` }));
    if (file !== undefined)
      findings.push({ level: 'error', text: `${file} has no objects: Helm does not install the chart` });
    return findings;
  } catch (error) {
    if (!(error instanceof ChartError || error instanceof TemplateError)) throw error;
    const place = placeOf(error, chart, options);
    return [{ level: 'error', text: `with ${title}: ${error.message}`, place }];
  }
}

function placeOf(error: ChartError | TemplateError, chart: Chart, options: RenderOptions): string | undefined {
  if (error instanceof ChartError) return renderedPlace(error, chart, options);
  return error.position && frameOf(error.position);
}

/** The line of a rendered file that is at fault: only the values say how it came about, so it is rendered once more. */
function renderedPlace({ code, file, line }: ChartError, chart: Chart, options: RenderOptions): string | undefined {
  if (code !== 'Manifest' || file === undefined || line === undefined) return undefined;
  const snippet = renderFiles(chart, options).files[file]?.split('\n')[line - 1];
  return snippet === undefined ? undefined : frameOf({ template: file, line, column: undefined, snippet });
}
