import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Records } from '../../../../controller/history/records.ts';
import { WorkingMemory } from '../../../../controller/pass/memory/working-memory.ts';
import type { VersionRecord } from '../../../../records/index.ts';
import type { ReleaseHistory } from '../../../../crds/index.ts';
import { connect } from '../../../../kube/index.ts';
import { content } from '../releases.ts';

const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: nowhere
contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody}}]
clusters: [{name: nowhere, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: nobody, user: {}}]
`;

function history(namespace: string, version: number): ReleaseHistory {
  const name = `web-${version}`;
  return {
    metadata: { name, namespace, uid: `${namespace}/${name}` },
    spec: {
      release: 'web',
      version,
      chunks: [{ name: 'chunk', digest: 'sha256:0' }],
      digests: { content: '', inputs: '', record: 'sha256:0' },
    },
  } as unknown as ReleaseHistory;
}

const record = (notes: string): VersionRecord => ({
  content: content('a'),
  values: {},
  objects: [],
  hooks: [],
  crds: [],
  notes,
});

test('the namespace that holds most makes room for itself and for others', async () => {
  const kubeconfig = join(await mkdtemp(join(tmpdir(), 'coxswain-records-')), 'config');
  await writeFile(kubeconfig, KUBECONFIG);
  const client = await connect({ kubeconfig, unreachable: 'error' });
  const memory = new WorkingMemory({ limitBytes: 1_000_000, namespaceBytes: 500_000, onRoom: () => undefined });
  const records = new Records(client, memory, 100_000);
  const small = records.keep(history('small', 1), record('small'));
  const notes = Array.from({ length: 5_000 }, (_, index) => String.fromCharCode(33 + ((index * index) % 90))).join('');
  for (let version = 1; version <= 20; version += 1) records.keep(history('large', version), record(notes));
  expect(await records.read('small/web', history('small', 1))).toBe(small);
  expect((await records.read('small/web', history('large', 20))).notes).toBe(notes);
  // What made room has to be read again, from a server that is not there.
  await expect(records.read('small/web', history('large', 1))).rejects.toMatchObject({ code: 'Unavailable' });
  await client.close();
});
