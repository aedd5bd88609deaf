import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { ensureBinaries } from '../../../control-plane/index.ts';
import { run } from '../../../support/cluster/kubectl.ts';
import { buildChart, type ChartParts } from '../../../support/charts/chart-builder.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

// Charts whose values.schema.json is wrong, as real Helm has them with and without --skip-schema-validation.

const TEMPLATE =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {values: {{ toJson .Values | quote }}}\n';
const SUB = {
  'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
  'charts/sub/values.yaml': 'size: 1\n',
  'charts/sub/values.schema.json': '{"properties": {"size": {"type": "string"}}}',
};
const PARTS: ChartParts = { name: 'web', values: 'size: 1\n', templates: { 'all.yaml': TEMPLATE } };

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

const CASES: [string, string, Record<string, string>][] = [
  ['is too narrow', 'narrow', { 'values.schema.json': '{"properties": {"size": {"type": "string"}}}' }],
  ['is not JSON', 'broken', { 'values.schema.json': '{' }],
  ['is not a schema', 'odd', { 'values.schema.json': '{"properties": {"size": {"type": "number of things"}}}' }],
  ["is a dependency's and too narrow", 'below', SUB],
];

test.each(CASES.flatMap((row) => [['v3', ...row] as const, ['v4', ...row] as const]))(
  'as with Helm %s, a schema that %s stalls the Release, unless validation is skipped',
  async (helmVersion, _how, name, files) => {
    const parts = { ...PARTS, name, files };
    const archive = await coxswain.file(`${name}-${helmVersion}.tgz`, buildChart(parts));
    const args = ['template', 'web', archive];
    expect((await run(helms[helmVersion], args)).code).not.toBe(0);
    const { stdout } = await run(helms[helmVersion], [...args, '--skip-schema-validation']);
    const expected = (load(stdout) as { data: unknown }).data;

    const web = await tenant.apply('web', await coxswain.push(parts), { helmVersion });
    await web.failed('SchemaViolation');
    await web.patch({ schemaValidation: 'Skip' });
    await web.inForce(1);
    expect(await tenant.configMap('web')).toEqual(expected);
  },
);

test('schemaValidation is not content: an edit makes no version, and takes effect from the next one', async () => {
  const schema = { properties: { size: { type: 'string' } } };
  const web = await tenant.apply('web', await coxswain.push({ ...PARTS, schema }), { schemaValidation: 'Skip' });
  await web.ready();
  await web.patch({ schemaValidation: 'Run' });
  await web.ready();
  expect(await web.histories()).toHaveLength(1);
  await web.patch({ values: { size: 2 } });
  await web.failed('SchemaViolation');
  await web.patch({ values: { size: 'large' } });
  await web.inForce(2);
  await web.patch({ version: 1 });
  const back = await web.inForce(1);
  expect(back.spec.schemaValidation).toBe('Run');
  expect(await tenant.configMap('web')).toEqual({ values: '{"size":1}' });
});
