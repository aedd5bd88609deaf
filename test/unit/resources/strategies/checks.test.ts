import { expect, test } from '@jest/globals';
import { httpCheckJob, throughPreview, type KubeObject } from '../../../../resources/index.ts';

const POD = {
  containers: [
    { name: 'a', image: 'b', envFrom: [{ configMapRef: { name: 'web' } }, { configMapRef: { name: 'own' } }] },
  ],
  hostAliases: [{ ip: '10.0.0.9', hostnames: ['other'] }],
};
const PATH = {
  names: ['web', 'web.shop'],
  addresses: ['10.0.0.1', 'fd00::1'],
  rename: (kind: string, name: string) => (`${kind}/${name}` === 'ConfigMap/web' ? 'web-v2' : name),
};

function specOf({ kind, spec }: KubeObject): unknown {
  return kind === 'Job' ? (spec as { template: { spec: unknown } }).template.spec : spec;
}

test.each<KubeObject>([
  { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'smoke' }, spec: POD },
  { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'smoke' }, spec: { template: { spec: POD } } },
])('the pods of a test, a $kind, find the new colour under the Service’s name, and read what it reads', (object) => {
  expect(specOf(throughPreview(object, PATH))).toEqual({
    containers: [
      { ...POD.containers[0], envFrom: [{ configMapRef: { name: 'web-v2' } }, { configMapRef: { name: 'own' } }] },
    ],
    hostAliases: [
      { ip: '10.0.0.1', hostnames: ['web', 'web.shop'] },
      { ip: 'fd00::1', hostnames: ['web', 'web.shop'] },
      ...POD.hostAliases,
    ],
  });
});

test('parts of a test other than pods stay as they are', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'smoke' }, data: { url: 'web' } };
  expect(throughPreview(object, PATH)).toBe(object);
});

test('the URL to request is not part of the program that requests it', () => {
  const url = 'http://web-next:80/$(id)?`id`';
  const job = httpCheckJob({ name: 'check', url, expectedStatus: 204, timeoutSeconds: 30, image: 'curl:1' });
  expect(specOf(job)).toMatchObject({
    automountServiceAccountToken: false,
    containers: [
      {
        image: 'curl:1',
        command: ['sh', '-c', expect.not.stringContaining('id')],
        env: [
          { name: 'URL', value: url.replace('$', '$$$$') },
          { name: 'EXPECTED', value: '204' },
          { name: 'TIMEOUT', value: '30' },
        ],
      },
    ],
  });
  expect(job).toMatchObject({ spec: { backoffLimit: 0, activeDeadlineSeconds: 330 } });
});
