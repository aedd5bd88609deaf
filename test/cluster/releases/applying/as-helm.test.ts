import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { ensureBinaries } from '../../../control-plane/index.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { succeed } from '../../../support/charts/public-charts.ts';
import { storeChart } from '../../../support/charts/registry.ts';

const coxswain = story();

beforeAll(async () => {
  await coxswain.define(BOATS);
  // What the chart's pod asks of its node.
  await coxswain.kubectl('label', 'nodes', '--all', 'disk=');
}, 600_000);

const TEXT = { type: 'string' };
const ANY = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const PORT = {
  type: 'object',
  required: ['name'],
  properties: { name: TEXT, protocol: { ...TEXT, default: 'TCP' }, v: TEXT },
};

/** A kind with each sort of field that a null may stand in. */
const BOATS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'boats.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Boat', plural: 'boats' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  limit: { type: 'integer', nullable: true, default: 5 },
                  required: { type: 'integer' },
                  defaulted: { type: 'integer', default: 5 },
                  texts: { type: 'object', additionalProperties: TEXT },
                  values: ANY,
                  f: { type: 'number' },
                  ports: {
                    type: 'array',
                    items: PORT,
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name', 'protocol'],
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};

const BOAT_TEMPLATE = `apiVersion: example.com/v1
kind: Boat
metadata: {name: nulls, annotations: {v: "{{ .Values.v }}"}}
spec:
  limit: null
  required: null
  defaulted: null
  texts: {"example.com/a": null, b: text}
  ports: [{name: x, protocol: null, v: null}]
  values: {sec: {runAsUser: null}, keep: 1, l: [null, {a: null}], e: {}, el: []}
  f: 1.0
---
apiVersion: example.com/v1
kind: Boat
metadata: {name: keys, annotations: {v: "{{ .Values.v }}"}}
spec:
  ports: [{name: x, protocol: null}]
`;

async function corpus(name: string, file: string): Promise<string> {
  return readFile(new URL(`../../../conformance/charts/${name}/templates/${file}`, import.meta.url), 'utf8');
}

const KINDS = ['configmap', 'secret', 'networkpolicy', 'deployment', 'service', 'boats.example.com'];
const MADE_BY_OTHERS = /^(kube-root-ca\.crt|sh\.helm\.release.*)$/;

/** What the chart made there, without what is the server's, Helm's or ours. */
async function made(tenant: Tenant): Promise<unknown[]> {
  const { items } = await tenant.kubectl.json<{ items: KubeObject[] }>('get', KINDS.join());
  return items
    .filter(({ metadata, type }) => !MADE_BY_OTHERS.test(metadata.name) && type !== 'coxswain.dev/chunk')
    .map(({ metadata, ...object }) => {
      const own = (map: Record<string, string> = {}): [string, string][] =>
        Object.entries(map).filter(([key]) => !/helm|coxswain|managed-by|deployment\.kubernetes\.io/.test(key));
      const labels = Object.fromEntries(own(metadata.labels));
      return {
        ...object,
        status: undefined,
        name: metadata.name,
        labels,
        annotations: Object.fromEntries(own(metadata.annotations)),
      };
    })
    .map((object) => JSON.parse(JSON.stringify(object).replaceAll(/"10\.\d+\.\d+\.\d+"/g, '"address"')) as unknown);
}

test.each([
  { helmVersion: 'v3', program: 'helm', flags: [] },
  // Applied by the client as Helm 3 does: the server would refuse some of it.
  { helmVersion: 'v4', program: 'helm4', flags: ['--server-side=false'] },
] as const)(
  'a Release makes what $program install makes: nulls of all sorts, last lines, lists, numbers',
  async (given) => {
    const { controlPlane } = coxswain;
    const templates = {
      'boats.yaml': BOAT_TEMPLATE,
      // It has an object of a kind that is not there.
      'nulls.yaml': (await corpus('nulls', 'nulls.yaml')).split(/^---\napiVersion: example\.com/m)[0] ?? '',
      'last-lines.yaml': await corpus('last-lines', 'scalars.yaml'),
      'hooks.yaml': await corpus('last-lines', 'hook.yaml'),
    };
    const archive = buildChart({ name: 'as-helm', values: 'v: 1\nother: x\nkey: abc\n', templates });
    const path = await coxswain.file('as-helm-1.0.0.tgz', archive);
    const [theirs, ours] = [
      await coxswain.tenant({ prefix: 'helm', rights: 'trusted' }),
      await coxswain.tenant({ prefix: 'ours', rights: 'trusted' }),
    ];
    const { [given.program]: helm } = await ensureBinaries([given.program]);
    const install = ['install', 'r', path, '--namespace', theirs.namespace, ...given.flags];
    await succeed(helm, install, { KUBECONFIG: controlPlane.kubeconfig });

    const stored = await storeChart(controlPlane, archive);
    const release = await ours.apply('r', stored, { helmVersion: given.helmVersion });
    await release.ready();
    expect(await made(ours)).toEqual(await made(theirs));

    // Nothing of it is drift, and all of it can be applied again.
    const boat = async (name: string): Promise<KubeObject> => ours.kubectl.json('get', 'boat', name);
    const before = await boat('nulls');
    await release.patch({ interval: '11m' });
    await release.ready();
    expect((await boat('nulls')).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
    await release.patch({ values: { v: 2 } });
    await release.until(({ status }) => status?.version === 2);
    await release.ready();
    for (const name of ['nulls', 'keys']) {
      expect(await boat(name)).toMatchObject({
        metadata: { annotations: { v: '2' } },
        spec: { ports: [{ name: 'x' }] },
      });
    }
  },
  300_000,
);
