import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, desiredOf, digestOfJson, withAnnotations, withoutLists } from '../../../../resources/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { object, OWNER } from '../objects.ts';

const NAMESPACED = { namespaced: true };

function desired(given: KubeObject): KubeObject {
  return desiredOf(given, OWNER, NAMESPACED);
}

function deploymentWith(container: Record<string, unknown>, pod: Record<string, unknown> = {}): KubeObject {
  return object('Deployment/web', { spec: { template: { spec: { containers: [container], ...pod } } } });
}

function podSpecOf(deployment: KubeObject): { containers: Record<string, unknown>[]; imagePullSecrets?: unknown } {
  return (deployment['spec'] as { template: { spec: { containers: Record<string, unknown>[] } } }).template.spec;
}

describe('desiredOf', () => {
  test('marks the object as the owner’s and leaves its input unchanged', () => {
    const given = object('ConfigMap/web', { data: { a: '1' } }, { labels: { 'app.kubernetes.io/managed-by': 'Helm' } });
    const copy = structuredClone(given);
    expect(desired(given).metadata).toEqual({
      name: 'web',
      namespace: 'shop',
      labels: {
        'app.kubernetes.io/managed-by': 'Helm',
        'coxswain.dev/release': 'web',
        'coxswain.dev/release-namespace': 'shop',
      },
      annotations: { 'coxswain.dev/applied': expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
    });
    expect(given).toEqual(copy);
  });

  test('overwrites ownership labels that a chart sets itself', () => {
    const forged = {
      labels: { 'coxswain.dev/release': 'other', 'coxswain.dev/release-namespace': 'other' },
      annotations: { 'coxswain.dev/applied': 'forged' },
    };
    expect(desired(object('ConfigMap/web', {}, forged))).toEqual(desired(object('ConfigMap/web')));
  });

  test.each([
    ['absent', {}, NAMESPACED, 'shop'],
    ['empty', { namespace: '' }, NAMESPACED, 'shop'],
    ['given', { namespace: 'there' }, NAMESPACED, 'there'],
    ['given for a cluster-scoped kind', { namespace: 'there' }, { namespaced: false }, undefined],
  ])('namespace: %s', (_name, metadata, resource, expected) => {
    expect(desiredOf(object('ConfigMap/web', {}, metadata), OWNER, resource).metadata.namespace).toBe(expected);
  });

  test('drops fields that the server sets', () => {
    const exported = object(
      'ConfigMap/web',
      { data: { a: '1' }, status: { phase: 'x' } },
      { uid: 'u', resourceVersion: '1', generation: 2, creationTimestamp: 'now', managedFields: [], selfLink: '/x' },
    );
    expect(desired(exported)).toEqual(desired(object('ConfigMap/web', { data: { a: '1' } })));
  });

  test('keeps keys with a meaning in JavaScript', () => {
    const given = object('ConfigMap/web', JSON.parse('{"data":{"__proto__":"a","constructor":"b"}}'));
    expect(canonicalJson(desired(given)['data'])).toBe('{"__proto__":"a","constructor":"b"}');
  });

  test('sends stringData as data, overriding data', () => {
    const given = object('Secret/s', { data: { a: 'b2xk', b: 'a2VwdA==' }, stringData: { a: 'ünew', c: '' } });
    expect(desired(given)).toMatchObject({ data: { a: 'w7xuZXc=', b: 'a2VwdA==', c: '' } });
    expect(desired(given)).not.toHaveProperty('stringData');
  });

  test('leaves stringData that is not text for the server to refuse', () => {
    expect(desired(object('Secret/s', { stringData: { port: 5432 } }))).toMatchObject({ stringData: { port: 5432 } });
  });

  test('keeps the last of several environment variables with one name, in the first one’s place', () => {
    const env = [
      { name: 'A', value: '1' },
      { name: 'B', value: '$(A)' },
      { name: 'A', value: '2' },
    ];
    expect(podSpecOf(desired(deploymentWith({ name: 'app', env }))).containers[0]?.['env']).toEqual([
      { name: 'A', value: '2' },
      { name: 'B', value: '$(A)' },
    ]);
  });

  test('drops only exact duplicates elsewhere', () => {
    const ports = [
      { name: 'a', containerPort: 80 },
      { containerPort: 80, name: 'a' },
      { name: 'b', containerPort: 80 },
    ];
    const spec = podSpecOf(
      desired(deploymentWith({ name: 'app', ports }, { imagePullSecrets: [{ name: 'x' }, { name: 'x' }] })),
    );
    expect(spec.containers[0]?.['ports']).toEqual([
      { name: 'a', containerPort: 80 },
      { name: 'b', containerPort: 80 },
    ]);
    expect(spec.imagePullSecrets).toEqual([{ name: 'x' }]);
  });

  test('finds the pod of a CronJob', () => {
    const env = [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ];
    const podSpec = { initContainers: [{ name: 'init', env }] };
    const cron = desired(object('CronJob/c', { spec: { jobTemplate: { spec: { template: { spec: podSpec } } } } }));
    expect(cron['spec']).toEqual({
      jobTemplate: {
        spec: { template: { spec: { initContainers: [{ name: 'init', env: [{ name: 'A', value: '2' }] }] } } },
      },
    });
  });

  test('tolerates charts that contain nonsense', () => {
    for (const spec of [null, 'text', [], { template: 1 }, { template: { spec: { containers: {} } } }]) {
      expect(desired(object('Deployment/web', { spec })).metadata.name).toBe('web');
    }
  });

  test('the digest changes with any field and with nothing else', () => {
    const digest = (given: KubeObject): string | undefined =>
      desired(given).metadata.annotations?.['coxswain.dev/applied'];
    const one = object('ConfigMap/web', { data: { a: '1', b: '2' } }, { annotations: { x: 'y' } });
    expect(digest(object('ConfigMap/web', { data: { b: '2', a: '1' } }, { annotations: { x: 'y' } }))).toBe(
      digest(one),
    );
    expect(digest(object('ConfigMap/web', { data: { a: '1', b: '3' } }, { annotations: { x: 'y' } }))).not.toBe(
      digest(one),
    );
    expect(digest({ ...one, apiVersion: 'v2' })).not.toBe(digest(one));
    expect(digest(desired(one))).toBe(digest(one));
  });
});

test('withAnnotations renews the digest', () => {
  const before = desired(object('Job/hook'));
  const after = withAnnotations(before, { run: '1' }, 'coxswain.dev/applied');
  expect(after.metadata.annotations).toMatchObject({ run: '1' });
  expect(after.metadata.annotations?.['coxswain.dev/applied']).not.toBe(
    before.metadata.annotations?.['coxswain.dev/applied'],
  );
});

test('withoutLists flattens nested lists', () => {
  const [a, b, c] = [object('ConfigMap/a'), object('ConfigMap/b'), object('Role/c')];
  const list = { ...object('List/'), items: [a, { ...object('RoleList/'), items: [c] }] };
  expect(withoutLists([list, b])).toEqual([a, c, b]);
});

describe('digestOf', () => {
  test('is the sha256 of the canonical JSON', () => {
    expect(digestOfJson({ b: 1, a: [2, { d: null, c: 'x' }] })).toBe(
      'sha256:41f05899d3459a3ecc94ff088afcd290b9ae4f51dc9ddaa35a82a642ddb55070',
    );
  });

  test.each([
    [{ 10: 1, 2: 1, '-': 1, b: 1, B: 1 }, '{"-":1,"10":1,"2":1,"B":1,"b":1}'],
    [
      { '€': 1, '\r': 1, דּ: 1, 1: 1, '😀': 1, '\u0080': 1, ö: 1 },
      '{"\\r":1,"1":1,"\u0080":1,"ö":1,"€":1,"😀":1,"\ufb33":1}',
    ],
    [[1e21, 1.0, -0, 0.000001, 1e-7, 9007199254740993n], '[1e+21,1,0,0.000001,1e-7,9007199254740993]'],
    [{ a: undefined, b: [undefined, null], c: {} }, '{"b":[null,null],"c":{}}'],
  ])('is of the form of RFC 8785: %s', (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });

  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (map) => {
        const turned = Object.fromEntries(Object.entries(map).toReversed());
        expect(canonicalJson(turned)).toBe(canonicalJson(map));
        expect(JSON.parse(canonicalJson(map))).toEqual(JSON.parse(JSON.stringify(map)));
      }),
    );
  });
});
