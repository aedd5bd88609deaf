import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { ensureBinaries } from '../../../control-plane/index.ts';
import { countedWhenQuiet, describeRequest, markAudit } from '../../../support/cluster/audit.ts';
import { buildChart, type ChartParts } from '../../../support/charts/chart-builder.ts';
import { succeed } from '../../../support/charts/public-charts.ts';
import { conditionOf } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

// Files of values in a chart, compared with real Helm's -f.

const FILES = {
  'values-prod.yaml': 'size: large\nnested: {b: prod}\nlist: [prod]\ngone: null\n',
  'regions/eu.yaml': 'region: eu\nnested: {c: eu}\nlist: [eu]\n---\nsize: huge\n',
};
const PARTS: ChartParts = {
  name: 'web',
  values: 'size: small\nregion: none\nnested: {a: own, b: own, c: own}\nlist: [own]\ngone: here\n',
  templates: {
    'all.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {values: {{ toJson .Values | quote }}}\n',
  },
  files: FILES,
};

const coxswain = story();
let tenant: Tenant;
let helms: Readonly<Record<'v3' | 'v4', string>>;

beforeAll(async () => {
  const { helm, helm4 } = await ensureBinaries(['helm', 'helm4']);
  helms = { v3: helm, v4: helm4 };
}, 600_000);

beforeEach(async () => {
  tenant = await coxswain.tenant();
});

async function reference(version = '1.0.0'): Promise<{ registry: string; name: string }> {
  const { registry, name } = await coxswain.push({ ...PARTS, version });
  return { registry, name };
}

async function valuesNow(): Promise<unknown> {
  return JSON.parse((await tenant.configMap('web'))?.['values'] ?? '');
}

test.each(['v3', 'v4'] as const)('are merged as Helm %s merges them, under values', async (helmVersion) => {
  const archive = await coxswain.file(`web-${helmVersion}.tgz`, Buffer.from(buildChart(PARTS)));
  const files = await Promise.all(
    Object.entries(FILES).map(([path, text]) => coxswain.file(path.replace('/', '-'), text)),
  );
  const flags = [...files.flatMap((file) => ['-f', file]), '--set', 'nested.c=set'];
  const manifest = load(await succeed(helms[helmVersion], ['template', 'web', archive, ...flags]));
  const expected = JSON.parse((manifest as { data: { values: string } }).data.values) as unknown;
  const chart = { ...(await reference()), version: '1.0.0', valuesFiles: Object.keys(FILES) };
  await tenant.kubectl.apply(release({ chart, helmVersion, values: { nested: { c: 'set' } } }));
  await tenant.release('web').ready();
  expect(await valuesNow()).toEqual(expected);
  expect(expected).toMatchObject({ size: helmVersion === 'v3' ? 'large' : 'huge', list: ['eu'] });
});

test('cost no request, are content, and keep the chart that is in force', async () => {
  const mark = await markAudit(coxswain.controlPlane, tenant);
  const chart = { ...(await reference()), version: '^1.0.0', valuesFiles: ['values-prod.yaml'] };
  await tenant.kubectl.apply(release({ chart, interval: '24h' }));
  const web = tenant.release('web');
  await web.ready();
  const sent = (await countedWhenQuiet('coxswain', mark)).map(describeRequest);
  expect(sent.filter((request) => !request.startsWith('get /'))).toHaveLength(1 + 6);
  await reference('1.1.0');
  await web.patch({ chart: { valuesFiles: ['regions/eu.yaml'] } });
  const edited = await web.inForce(2);
  expect(edited.status?.chart?.version).toBe('1.0.0');
  expect(await valuesNow()).toMatchObject({ region: 'eu', gone: 'here' });
  expect((await web.histories()).map(({ spec }) => spec.chart.valuesFiles)).toEqual([
    ['values-prod.yaml'],
    ['regions/eu.yaml'],
  ]);
  await web.patch({ version: 1 });
  const back = await web.inForce(1);
  expect(back.spec.chart.valuesFiles).toEqual(['values-prod.yaml']);
  expect(await valuesNow()).toMatchObject({ size: 'large', region: 'none' });
});

test('that the chart lacks stall the Release, unless they are optional', async () => {
  const chart = { ...(await reference()), version: '1.0.0', valuesFiles: ['values-prod.yaml', 'values-test.yaml'] };
  await tenant.kubectl.apply(release({ chart }));
  const web = tenant.release('web');
  const failed = await web.failed('ValuesNotFound');
  expect(failed.message).toContain('the chart has no file values-test.yaml');
  expect(conditionOf(await web.get(), 'Stalled')?.status).toBe('True');
  await web.patch({ chart: { ignoreMissingValuesFiles: true } });
  await web.ready();
  expect(await valuesNow()).toMatchObject({ size: 'large' });
});

function release(spec: object): object {
  const { namespace } = tenant;
  return { apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata: { name: 'web', namespace }, spec };
}
