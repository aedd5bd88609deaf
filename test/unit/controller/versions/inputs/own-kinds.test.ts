import { expect, test } from '@jest/globals';
import { loadChart, renderChart, type RenderOptions } from '../../../../../chart-renderer/index.ts';
import type { ReleaseSpec } from '../../../../../crds/index.ts';
import { renderRelease, type ReleaseRendering } from '../../../../../controller/versions/inputs/render.ts';
import type { KubeClient, Offer } from '../../../../../kube/index.ts';
import { buildChart } from '../../../../support/charts/chart-builder.ts';
import { release } from '../../releases.ts';

// A chart that brings a kind in its crds/ and asks for it. Helm creates the definition before it renders an install.

const SPEC =
  'spec: {group: a.io, names: {kind: Monitor, plural: monitors}, scope: Namespaced, versions: [{name: v1, served: true}]}';
const DEFINITION = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: monitors.a.io}\n${SPEC}\n`;
const has = (name: string): string => `{{ .Capabilities.APIVersions.Has "${name}" }}`;
const config = (text: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {text: "${text}"}\n`;

async function rendered(
  text: string,
  {
    operation = 'Install',
    spec = {},
    served = [],
  }: {
    operation?: 'Install' | 'Upgrade';
    spec?: Partial<ReleaseSpec>;
    served?: string[];
  } = {},
): Promise<{ text: unknown; asked: ReleaseRendering['asked'] }> {
  const files = { 'crds/monitor.yaml': DEFINITION, 'templates/web.yaml': config(text) };
  const chart = buildChart({ name: 'web', files });
  const kubeVersion = { gitVersion: 'v1.34.0', major: '1', minor: '34' };
  const offer: Offer = {
    kubeVersion,
    names: new Set(['v1', ...served]),
    silentGroups: new Set(),
    digest: served.join(),
  };
  const sandbox = {
    render: async (_chart: unknown, options: object) => renderChart(await loadChart(chart), options as RenderOptions),
  };
  const discovery = {
    offer: async () => Promise.resolve(offer),
    refresh: async () => Promise.resolve(),
    resourceFor: async () => Promise.resolve(undefined),
  };
  const request = {
    chart: { bytes: chart, helmVersion: 'v4' } as never,
    release: release(spec),
    version: 1,
    operation,
    values: {},
    memory: { remembered: {}, time: 'real' },
  } as const;
  const reader = { tenant: {} as KubeClient, onRead: () => undefined, onDenied: () => undefined };
  const { objects, asked } = await renderRelease(request, sandbox, discovery, reader);
  return { text: objects[0]?.object['data'], asked };
}

test('on install a chart sees the kinds that it defines itself, and those count as no question to the cluster', async () => {
  expect(await rendered(has('a.io/v1'))).toEqual({ text: { text: 'true' }, asked: undefined });
  const both = await rendered(has('a.io/v1/Monitor') + has('b.io/v1'));
  expect(both).toEqual({ text: { text: 'truefalse' }, asked: { kubeVersion: false, list: false, names: ['b.io/v1'] } });
});

test('on upgrade, without creating definitions, and for a kind served in other versions, a chart sees what the cluster serves', async () => {
  const asked = { kubeVersion: false, list: false, names: ['a.io/v1'] };
  const expected = { text: { text: 'false' }, asked };
  expect(await rendered(has('a.io/v1'), { operation: 'Upgrade' })).toEqual(expected);
  expect(await rendered(has('a.io/v1'), { spec: { crds: 'Skip' } })).toEqual(expected);
  expect(await rendered(has('a.io/v1'), { served: ['a.io/v2', 'a.io/v2/Monitor'] })).toEqual(expected);
});

test('a chart that depends on all APIs sees what the cluster serves', async () => {
  const { text, asked } = await rendered(`${has('a.io/v1')}{{ len .Capabilities.APIVersions }}`);
  expect(text).toEqual({ text: 'false1' });
  expect(asked).toMatchObject({ list: true });
});
