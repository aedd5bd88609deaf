import { beforeAll, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { webChart } from '../../../support/charts/web-chart.ts';
import { story } from '../../../support/cluster/story.ts';

const coxswain = story();
let chart: StoredChart;

beforeAll(async () => {
  chart = await coxswain.push(webChart());
});

test('a Secret that is no chunk of the history naming it gets no owner, and so is not deleted with it', async () => {
  const tenant = await coxswain.tenant({ prefix: 'forged' });
  const { kubectl, namespace } = tenant;
  await kubectl('create', 'secret', 'generic', 'precious', '--from-literal=chunk=hunter2');
  const digest = `sha256:${'0'.repeat(64)}`;
  await kubectl.apply({
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'ReleaseHistory',
    metadata: { name: 'web-v1', namespace, labels: { 'coxswain.dev/release': 'web' } },
    spec: {
      release: 'web',
      version: 1,
      chart: {},
      resolved: { name: 'web', version: '1.0.0', digest },
      digests: { content: digest, inputs: digest, record: digest },
      chunks: [{ name: 'precious', digest }],
      description: 'forged',
      cause: 'Edit',
      recordedAt: '2026-01-01T00:00:00Z',
      changes: [],
      changesTotal: 0,
    },
  });
  const web = await tenant.apply('web', chart);
  expect((await web.ready()).status?.version).toBe(2);
  const secret = await kubectl.json<KubeObject>('get', 'secret', 'precious');
  expect(secret.metadata.ownerReferences).toBeUndefined();
});

test('no version can follow the highest number, which is reported, and the version in force stays', async () => {
  const tenant = await coxswain.tenant({ prefix: 'highest' });
  const web = await tenant.apply('web', chart, { version: 2_147_483_647 });
  expect((await web.ready()).status?.version).toBe(2_147_483_647);
  await web.patch({ values: { a: 'b' } });
  const { message } = await web.failed('LimitExceeded');
  expect(message).toBe(
    'no version can follow 2147483647, the highest number: delete the Release with --cascade=orphan and its ReleaseHistories, and create it again',
  );
  expect((await web.get()).status?.version).toBe(2_147_483_647);
});
