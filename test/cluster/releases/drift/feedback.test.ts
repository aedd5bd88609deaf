import { beforeEach, expect, test } from '@jest/globals';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import { eventually } from '../../../support/eventually.ts';
import { conditionOf } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

// Releases that make themselves, by their values or as their own children.

const COUNTER = `apiVersion: v1
kind: ConfigMap
metadata: {name: fb}
data:
  "n": {{ add1 (default 0 .Values.n | int) | quote }}
  note: {{ .Values.note | quote }}
`;
const NESTED = `apiVersion: coxswain.dev/v1alpha1
kind: Release
metadata: {name: {{ .Values.child }}}
spec:
  chart: {inline: {{ .Values.inline | quote }}}
  values: {child: {{ .Release.Name }}, revision: {{ .Release.Revision }}}
`;
const FROM_ITSELF = [{ kind: 'ConfigMap', name: 'fb', key: 'n', targetPath: 'n', optional: true }];
/** More than what a loop makes at the distances that it has to keep, and a fifth of what it made without. */
const FEW = 8;

const coxswain = story();
let tenant: Tenant;

beforeEach(async () => {
  tenant = await coxswain.tenant();
  await tenant.grant('*', 'releases.coxswain.dev');
});

test('a chart that writes its own input is reported and slowed down, and versions made by people are kept', async () => {
  const release = tenant.release('app');
  const spec = { chart: inline('counter', COUNTER), valuesFrom: FROM_ITSELF, historyLimit: 3 };
  await apply('app', { ...spec, values: { note: 'first' } });
  const told = await release.until((seen) => /feeds itself/.test(conditionOf(seen, 'Ready')?.message ?? ''));
  expect(told.status?.message).toMatch(/valuesFrom reads ConfigMap fb/);
  await eventually(
    async () => release.histories(),
    (histories) => histories.some(({ spec: { streak = 0 } }) => streak > 2),
  );
  const histories = await release.histories();
  const newest = histories.at(-1)?.spec;
  expect(newest?.version).toBeLessThan(FEW);
  expect(histories.map(({ spec: { cause } }) => cause)).toContain('Edit');
  expect(histories[0]?.spec.version).toBe(1);
  const events = await tenant.kubectl('get', 'events', '--output=custom-columns=R:.reason');
  expect(events).toContain('FeedsItself');
  // A person's edit is not held back by it.
  await release.patch({ values: { note: 'second' } });
  await eventually(
    async () => release.histories(),
    (all) => all.some(({ spec: { cause, version } }) => cause === 'Edit' && version > 1),
  );
});

test('so are two that write each other’s inputs', async () => {
  const spec = (own: string, other: string): object => ({
    chart: inline('counter', COUNTER.replace('name: fb', `name: ${own}`)),
    valuesFrom: [{ ...FROM_ITSELF[0], name: other }],
    values: { note: 'first' },
    historyLimit: 3,
  });
  await apply('left', spec('left', 'right'));
  await apply('right', spec('right', 'left'));
  const left = tenant.release('left');
  await eventually(
    async () => left.histories(),
    (histories) => histories.some(({ spec: { streak = 0 } }) => streak > 2),
  );
  const histories = await left.histories();
  expect(histories.at(-1)?.spec.version).toBeLessThan(FEW);
  expect(histories[0]?.spec).toMatchObject({ version: 1, cause: 'Edit' });
});

test('a Release that is labelled as its own child does not create itself', async () => {
  await apply('app', nested('app'), labelsOf('app'));
  const { message } = await tenant.release('app').failed('Refused');
  expect(message).toContain('Release/app');
});

test('nor do two that are labelled as each other’s children', async () => {
  await apply('one', { ...nested('two'), suspend: true }, labelsOf('two'));
  await apply('two', { ...nested('one'), suspend: true }, labelsOf('one'));
  await tenant.kubectl('patch', 'rel', 'one', '--type=merge', '-p={"spec":{"suspend":false}}');
  await tenant.kubectl('patch', 'rel', 'two', '--type=merge', '-p={"spec":{"suspend":false}}');
  for (const name of ['one', 'two']) await tenant.release(name).failed('Refused');
});

test('nor does one create the Release that it was created by, which nobody labelled', async () => {
  await apply('one', nested('two'));
  const { message } = await tenant.release('two').failed('Refused');
  expect(message).toContain('Release/one');
});

function inline(name: string, template: string): object {
  return { inline: Buffer.from(buildChart({ name, templates: { 't.yaml': template } })).toString('base64') };
}

function nested(child: string): Record<string, unknown> {
  const chart = inline('nested', NESTED);
  return { chart, values: { child, ...chart } };
}

function labelsOf(release: string): Record<string, string> {
  return { 'coxswain.dev/release': release, 'coxswain.dev/release-namespace': tenant.namespace };
}

async function apply(name: string, spec: object, labels: Record<string, string> = {}): Promise<void> {
  const metadata = { name, namespace: tenant.namespace, labels };
  await coxswain.kubectl.apply({ apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata, spec });
}
