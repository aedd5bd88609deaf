import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { loadChart, publishedMetadata } from '../../../chart-renderer/index.ts';
import { LOOPBACK, pushChart } from '../../../registry-client/index.ts';
import { ensureBinaries } from '../../control-plane/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { pgpKey, provenanceOf } from '../../support/charts/pgp-signer.ts';
import { run } from '../../support/cluster/kubectl.ts';
import { startRegistry } from './real-registry.ts';
import type { RealRegistry } from './real-registry.ts';

const created = new Date('2021-01-01T00:00:00Z');
const network = { allow: LOOPBACK };
const METADATA = `description: "<a> & b"
appVersion: 1.10
home: https://home.example
sources: [https://one.example, https://two.example]
keywords: [k]
maintainers: [{name: Ada, email: ada@example.com}, {name: Bob}]
annotations: {org.opencontainers.image.title: other, org.opencontainers.image.url: theirs, example.com/note: "1", "10": a, "9": b}
dependencies: []
deprecated: true
`;

let programs: Readonly<Record<'helm' | 'helm4', string>>;
let registry: RealRegistry;
let root: string;

beforeAll(async () => {
  programs = await ensureBinaries(['helm', 'helm4', 'registry']);
  registry = await startRegistry();
  root = await mkdtemp(join(tmpdir(), 'same-manifest-'));
}, 1_200_000);
afterAll(async () => {
  await registry?.stop();
  await rm(root, { recursive: true, force: true });
});

async function manifestAt(space: string, tag: string): Promise<string> {
  const accept = 'application/vnd.oci.image.manifest.v1+json';
  const answer = await fetch(`http://${registry.host}/v2/${space}/manifests/${tag}`, { headers: { accept } });
  return answer.text();
}

test.each([
  ['helm', 'without a provenance file', undefined],
  ['helm4', 'without a provenance file', undefined],
  ['helm', 'with one', 'signed'],
  ['helm4', 'with one', 'signed'],
] as const)('%s and this client push an archive %s under the same manifest', async (helm, _, signed) => {
  const [name, version] = [`same-${helm}-${signed ?? 'plain'}`, '1.0.0+b'];
  const archive = buildChart({ name, version, metadata: METADATA });
  const path = join(root, `${name}-${version}.tgz`);
  await writeFile(path, archive);
  const provenance = signed && Buffer.from(await provenanceOf(await pgpKey('Ada'), archive, { name, version }));
  if (provenance) await writeFile(`${path}.prov`, provenance);
  // What Helm says of when the archive was made is when the file was written.
  await utimes(path, created, created);
  const push = ['push', path, `oci://${registry.host}/theirs`, '--plain-http'];
  const { code, stderr } = await run(programs[helm], push, { env: { TZ: 'UTC', HELM_CACHE_HOME: root } });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });

  const { metadata } = await loadChart(await readFile(path));
  const target = { registry: `oci://${registry.host}/ours`, network, created, provenance };
  await pushChart(archive, { ...target, metadata: { ...publishedMetadata(metadata) } });
  const tag = version.replace('+', '_');
  const theirs = await manifestAt(`theirs/${name}`, tag);
  expect(theirs).toContain('schemaVersion');
  expect(await manifestAt(`ours/${name}`, tag)).toBe(theirs);
});
