import type { Chart } from '../../../chart-renderer/index.ts';
import type { Recorded } from '../../../client/recorded/index.ts';
import type { ReleaseHistory } from '../../../crds/index.ts';
import type { Digest } from '../../../registry-client/index.ts';
import { CliError } from '../../errors.ts';
import type { RegistryFlags } from '../../registry/connection.ts';

/** The chart that a version was recorded with: pulled by its digest, or the inline one. Throws CliError, RegistryError, ChartError. */
export async function chartOf({ content }: Recorded, { spec }: ReleaseHistory, flags: RegistryFlags): Promise<Chart> {
  const { loadChart } = await import('../../../chart-renderer/index.ts');
  const { registry, name, inline } = content.chart;
  const { helmVersion } = content;
  if (inline !== undefined) return loadChart(Buffer.from(inline, 'base64'), { helmVersion });
  if (registry === undefined || name === undefined) throw new CliError('NotFound', 'the version names no chart');
  const { pulledChart } = await import('../../charts/chart-source.ts');
  const { version, digest } = spec.resolved;
  const reference = { registry, name, version, digest: digest as Digest };
  return (await pulledChart(reference, flags, helmVersion)).chart;
}
