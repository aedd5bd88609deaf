import { describe, expect, test } from '@jest/globals';
import type { Outcome } from '../../support/cluster/kubectl.ts';
import { CHART, DIGEST, useDefinitions } from './definitions.ts';

const crds = useDefinitions();

function history(spec: Record<string, unknown> = {}): { metadata: { name: string }; spec: Record<string, unknown> } {
  const digests = { content: DIGEST, inputs: DIGEST, record: DIGEST };
  const full = {
    release: 'web',
    version: 1,
    chart: CHART,
    resolved: { name: 'podinfo', version: '6.7.1', digest: DIGEST },
    digests,
    chunks: [{ name: 'web-chunk', digest: DIGEST }],
    description: 'Install podinfo-6.7.1',
    cause: 'Edit',
    recordedAt: '2026-01-01T00:00:00Z',
    changes: [],
    changesTotal: 0,
    ...spec,
  };
  const metadata = { name: `web-v${full.version}`, namespace: crds.namespace };
  return { apiVersion: 'coxswain.dev/v1alpha1', kind: 'ReleaseHistory', metadata, spec: full } as never;
}

describe('a ReleaseHistory', () => {
  test('cannot be changed, only labelled and deleted', async () => {
    await crds.kubectl.apply(history());
    const merge = ['patch', 'relhist', 'web-v1', '--namespace', crds.namespace, '--type=merge'];
    const patch = (change: object): Promise<Outcome> =>
      crds.kubectl.attempt([...merge, `--patch=${JSON.stringify(change)}`]);
    for (const spec of [{ description: 'forged' }, { changedBy: 'me' }, { chunks: [] }, { chart: { version: '9' } }]) {
      expect((await patch({ spec })).stderr).toContain('a ReleaseHistory cannot be changed');
    }
    expect((await patch({ spec: null })).code).toBe(1);
    expect(await patch({ metadata: { labels: { a: 'b' } } })).toMatchObject({ code: 0 });
    const table = await crds.kubectl(
      'get',
      'relhist',
      '--namespace',
      crds.namespace,
      '--field-selector=spec.release=web',
    );
    expect(table).toMatch(/NAME\s+RELEASE\s+VERSION\s+CHART\s+DESCRIPTION\s+AGE/);
    expect(table).toMatch(/web-v1\s+web\s+1\s+podinfo\s+Install podinfo-6\.7\.1/);
    await crds.kubectl('delete', 'relhist', 'web-v1', '--namespace', crds.namespace);
  });

  test.each<[string, Record<string, unknown>, number]>([
    ['a whole record', {}, 0],
    ['an inline chart, whose bytes are elsewhere', { chart: {} }, 0],
    [
      'changes',
      {
        changes: [{ object: 'Secret/a', path: '/data/b', change: 'Changed', from: '***', to: '***' }],
        changesTotal: 1,
      },
      0,
    ],
    ['version 0', { version: 0 }, 1],
    ['an invalid digest', { digests: { content: 'x', inputs: DIGEST, record: DIGEST } }, 1],
    ['an unknown kind of change', { changes: [{ object: 'a', path: '', change: 'moved' }] }, 1],
  ])('%s', async (_name, spec, code) => {
    expect(await crds.check(history(spec))).toMatchObject({ code });
  });
});
