import { readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { loadChart } from '../../chart-renderer/index.ts';
import { LOOPBACK, pushChart } from '../../registry-client/index.ts';
import type { ControlPlane } from '../control-plane/index.ts';
import { buildArchive } from './chart-builder.ts';

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
  const options = { registry, metadata: { ...metadata }, existing: 'replace', network: { allow: LOOPBACK } } as const;
  const { digest } = await pushChart(archive, options);
  return { registry, name: metadata.name, version: metadata.version, digest };
}

/** Packages the chart in a directory as it stands there, links left out. */
export async function packageChart(directory: string): Promise<Uint8Array> {
  const { name } = (await loadChart(directory)).metadata;
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const entries = paths.toSorted().map(async (path) => ({
    path: `${name}/${relative(directory, path).replaceAll(sep, '/')}`,
    content: await readFile(path),
  }));
  return buildArchive(await Promise.all(entries));
}
