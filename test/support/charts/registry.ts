import { loadChart, publishedMetadata } from '../../../chart-renderer/index.ts';
import { LOOPBACK, pushChart } from '../../../registry-client/index.ts';
import type { ControlPlane } from '../../control-plane/index.ts';

/** A chart that is in the registry: the three parts of `spec.chart`, and the digest of its manifest. */
export type StoredChart = {
  readonly registry: string;
  readonly name: string;
  readonly version: string;
  readonly digest: string;
};

/** Pushes a packaged chart, replacing what the registry has under its version, and returns where it is. */
export async function storeChart(
  controlPlane: Pick<ControlPlane, 'registry'>,
  archive: Uint8Array,
  space = 'charts',
): Promise<StoredChart> {
  const registry = `oci://${controlPlane.registry}/${space}`;
  const { metadata } = await loadChart(archive);
  const options = {
    registry,
    metadata: { ...publishedMetadata(metadata) },
    existing: 'replace',
    network: { allow: LOOPBACK },
  } as const;
  const { digest } = await pushChart(archive, options);
  return { registry, name: metadata.name, version: metadata.version, digest };
}
