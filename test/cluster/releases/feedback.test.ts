import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { eventually } from '../../support/eventually.ts';
import { conditionOf, startInstallation, viewRelease, type Installation } from '../../support/cluster/installation.ts';
import { createTenant } from '../../support/cluster/tenant.ts';

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

let coxswain: Installation;
let namespace: string;

beforeAll(async () => {
  coxswain = await startInstallation();
});

afterAll(async () => coxswain?.stop());

beforeEach(async () => {
  const { kubectl } = coxswain;
  namespace = await createTenant(kubectl);
  const rights = ['--verb=*', '--resource=releases.coxswain.dev'];
  await kubectl('create', 'role', 'releases', '--namespace', namespace, ...rights);
  const subject = `--serviceaccount=${namespace}:default`;
  await kubectl('create', 'rolebinding', 'releases', '--namespace', namespace, '--role=releases', subject);
});

test('a chart that writes what its values are read from keeps what people made, slows down, and is told', async () => {
  const release = viewRelease(coxswain.kubectl, namespace, 'app');
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
  const events = await coxswain.kubectl('get', 'events', '--namespace', namespace, '--output=custom-columns=R:.reason');
  expect(events).toContain('FeedsItself');
  // A person's edit is not held back by it.
  await release.patch({ values: { note: 'second' } });
  await eventually(
    async () => release.histories(),
    (all) => all.some(({ spec: { cause, version } }) => cause === 'Edit' && version > 1),
  );
});

test('a Release that is labelled as its own child does not make itself', async () => {
  await apply('app', nested('app'), labelsOf('app'));
  const { message } = await viewRelease(coxswain.kubectl, namespace, 'app').failed('Refused');
  expect(message).toContain('Release/app');
});

test('nor do two that are labelled as each other’s', async () => {
  const { kubectl } = coxswain;
  await apply('one', { ...nested('two'), suspend: true }, labelsOf('two'));
  await apply('two', { ...nested('one'), suspend: true }, labelsOf('one'));
  await kubectl('patch', 'rel', 'one', '--namespace', namespace, '--type=merge', '-p={"spec":{"suspend":false}}');
  await kubectl('patch', 'rel', 'two', '--namespace', namespace, '--type=merge', '-p={"spec":{"suspend":false}}');
  for (const name of ['one', 'two']) await viewRelease(kubectl, namespace, name).failed('Refused');
});

function inline(name: string, template: string): object {
  return { inline: Buffer.from(buildChart({ name, templates: { 't.yaml': template } })).toString('base64') };
}

function nested(child: string): Record<string, unknown> {
  const chart = inline('nested', NESTED);
  return { chart, values: { child, ...chart } };
}

function labelsOf(release: string): Record<string, string> {
  return { 'coxswain.dev/release': release, 'coxswain.dev/release-namespace': namespace };
}

async function apply(name: string, spec: object, labels: Record<string, string> = {}): Promise<void> {
  const metadata = { name, namespace, labels };
  await coxswain.kubectl.apply({ apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata, spec });
}
