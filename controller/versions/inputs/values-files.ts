import type { PackagedChart, Sandbox } from '../../../chart-renderer/index.ts';
import type { Release } from '../../../crds/index.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import type { FileText } from '../../pass/failures/source-text.ts';

/**
 * The texts of the chart's files that `spec.chart.valuesFiles` names, in its order; asks for nothing where it names none. Throws ChartError,
 * and ReleaseError ValuesNotFound naming those that the chart does not have, unless they may be missing.
 */
export async function valuesFileTexts(
  sandbox: Pick<Sandbox, 'read'>,
  chart: PackagedChart,
  { metadata, spec }: Pick<Release, 'metadata' | 'spec'>,
): Promise<FileText[]> {
  const { valuesFiles = [], ignoreMissingValuesFiles = false } = spec.chart;
  if (valuesFiles.length === 0) return [];
  const texts = await sandbox.read(chart, metadata.namespace, valuesFiles);
  const missing = valuesFiles.filter((_, index) => texts[index] === undefined);
  if (missing.length > 0 && !ignoreMissingValuesFiles) throw notFound(missing);
  const { helmVersion } = spec;
  return valuesFiles.map((name, index) => ({
    reference: { kind: 'ChartFile', name },
    text: texts[index],
    helmVersion,
  }));
}

function notFound(missing: readonly string[]): ReleaseError {
  const files = missing.length === 1 ? `no file ${missing[0]}` : `none of the files ${missing.join(', ')}`;
  const advice = 'name a file of the chart itself, or set ignoreMissingValuesFiles';
  return new ReleaseError('ValuesNotFound', `spec.chart.valuesFiles: the chart has ${files}: ${advice}`);
}
