import { expect, test } from '@jest/globals';
import {
  besideOf,
  keyOfDesired,
  leftVersion,
  newDeployments,
  standbyOf,
} from '../../../../controller/deploy/colours/colours.ts';
import { atCut, leadingElsewhere } from '../../../../controller/deploy/colours/cut.ts';
import type { Scope } from '../../../../controller/plan/scope.ts';
import type { DeployTarget } from '../../../../controller/deploy/target.ts';
import type { DesiredObject } from '../../../../controller/plan/desired.ts';
import type { VersionRecord } from '../../../../records/index.ts';
import type { KubeObject, ObjectRef, PlannedWrite } from '../../../../resources/index.ts';

/** Of such objects as `Kind/name`, with a `*` at the end for those with a colour. */
function versioned(version: string, ...titles: readonly string[]): Parameters<typeof besideOf>[0] {
  const objects = titles.map((title): DesiredObject => {
    const [kind = '', name = ''] = title.replace('*', '').split('/');
    const labels = { version, ...(title.endsWith('*') && { 'coxswain.dev/colour': version }) };
    return { object: { apiVersion: 'v1', kind, metadata: { name, labels } }, resource: {} as never };
  });
  const desired = { objects, pending: [], definitions: [], existing: [], hooks: [], unserved: [] };
  return { desired, record: { colour: version } as VersionRecord };
}

function told(objects: readonly DesiredObject[]): string[] {
  return objects.map(
    ({ object: { kind, metadata } }) => `${kind}/${metadata.name} of ${metadata.labels?.['version'] ?? ''}`,
  );
}

const one = versioned('v1', 'Service/web', 'Service/next*', 'Deployment/web-v1*', 'Role/web', 'Ingress/old');
const two = versioned(
  'v2',
  'Service/web',
  'Service/next*',
  'Deployment/web-v2*',
  'Role/web',
  'Ingress/new',
  'Job/once',
  'Deployment/cache',
  'PodDisruptionBudget/web-v2*',
);
const plain = versioned('v3', 'Service/web', 'Deployment/web', 'Deployment/gone', 'PodDisruptionBudget/web');

test('until the cut, shared objects stay as in the old version, except for the new colour and what its pods may need', () => {
  const { desired: beside, withheld, ahead } = besideOf(one, two);
  expect(told(beside.objects)).toEqual([
    'Service/web of v1',
    'Deployment/web-v1 of v1',
    'Ingress/old of v1',
    'Service/next of v2',
    'Deployment/web-v2 of v2',
    'Role/web of v2',
    'Ingress/new of v2',
    'Deployment/cache of v2',
    'PodDisruptionBudget/web-v2 of v2',
  ]);
  expect(told(newDeployments(one, two))).toEqual(['Deployment/web-v2 of v2', 'Deployment/cache of v2']);
  expect(withheld).toEqual(beside);
  expect([...ahead]).toEqual(beside.objects.slice(3).map(keyOfDesired));
});

test('where the version in force has no colour, objects that its Service would select can be withheld', () => {
  const { desired: beside, withheld } = besideOf({ desired: plain.desired }, two);
  expect(told(beside.objects)).toContain('Deployment/web-v2 of v2');
  expect(told(withheld.objects)).not.toContain('Deployment/web-v2 of v2');
  expect(told(withheld.objects)).toContain('Deployment/cache of v2');
});

test('a new CronJob waits for the cut; objects that create Secrets, and Secrets that pull images, do not', () => {
  const first = versioned('v1', 'ExternalSecret/web', 'Secret/web');
  const second = versioned('v2', 'ExternalSecret/web', 'Secret/web', 'CronJob/nightly');
  expect(told(besideOf(first, second).desired.objects)).toEqual(['Secret/web of v1', 'ExternalSecret/web of v2']);
});

test('the version left at the cut keeps the objects of its colour, or those that have one by now if it had none', () => {
  expect(told(standbyOf(one, two))).toEqual(['Deployment/web-v1 of v1']);
  expect(told(standbyOf(plain, two))).toEqual(['Deployment/web of v3']);
  expect(told(standbyOf(two, plain))).toEqual([
    'Service/next of v2',
    'Deployment/web-v2 of v2',
    'PodDisruptionBudget/web-v2 of v2',
  ]);
});

test('a label in a chart without a colour makes no colour, whatever its value', () => {
  const [colour, name] = ['(a+)+', `x-${'a'.repeat(60)}!`];
  const marked = { apiVersion: 'v1', kind: 'Service', metadata: { name, labels: { 'coxswain.dev/colour': colour } } };
  const of = (version: VersionRecord | undefined): ReturnType<typeof versioned> => ({
    desired: { ...plain.desired, objects: [{ object: marked, resource: {} as never }] },
    ...(version && { record: version }),
  });
  expect(standbyOf(of(undefined), two)).toEqual([]);
  expect([...besideOf(of(undefined), of(undefined)).ahead]).toEqual([]);
  expect(standbyOf(plain, of({ colour } as VersionRecord)).map(keyOfDesired)).toEqual([]);
});

test('the Services move to the new colour after all other writes except deletions, which follow', () => {
  const ref = (kind: string, name: string): ObjectRef => ({ group: '', version: 'v1', kind, namespace: 'shop', name });
  const object = (kind: string, name: string, colour: string): KubeObject => ({
    apiVersion: 'v1',
    kind,
    metadata: { name },
    spec: { selector: { app: 'web', 'coxswain.dev/colour': colour } },
  });
  const update = (kind: string, name: string, colour: string): PlannedWrite => ({
    type: 'update',
    ref: ref(kind, name),
    object: object(kind, name, colour),
    changes: ['/metadata/annotations/coxswain.dev~1applied'],
  });
  const gone: PlannedWrite = { type: 'delete', ref: ref('Deployment', 'web') };
  const led = update('Service', 'web', 'v2');
  const others = [update('Service', 'other', 'v1'), update('ConfigMap', 'web', 'v2')];
  const plan = { writes: [led, gone, ...others], waiting: [ref('Job', 'once')], contests: [], refusals: [] };
  const { before, cut, after } = atCut(plan, ({ kind, name }) => object(kind, name, 'v1'));
  expect(before).toEqual({ ...plan, writes: others });
  expect(cut).toEqual({ writes: [led], waiting: [], contests: [], refusals: [] });
  expect(after).toEqual({ ...cut, writes: [gone] });
});

test('whether a Service leads to the version is told from its colour', () => {
  const service = (colour?: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web', ...(colour !== undefined && { 'coxswain.dev/colour': colour }) } },
  });
  const told = (wanted?: string, found?: string): string | undefined => {
    const objects = [{ object: service(wanted), resource: {} as never }];
    const target = { version: 2, desired: { ...plain.desired, objects } } as unknown as DeployTarget;
    return leadingElsewhere({ target, scope: { live: () => service(found) } as unknown as Scope })?.message;
  };
  expect(told('v2', 'v1')).toMatch(/^Service\/web does not lead to version 2/);
  expect([told('v2', undefined), told(undefined, 'v1')].every((message) => message !== undefined)).toBe(true);
  expect([told('v2', 'v2'), told()]).toEqual([undefined, undefined]);
});

test('the version left is the one in force, or on a way back to it the one that was cut over to before', () => {
  const target = (version: number): DeployTarget => ({ version }) as DeployTarget;
  const progress = {
    version: 1,
    operation: { type: 'Rollback', version: 1, from: 2, phase: 'Before', startedAt: '' },
  } as const;
  expect(leftVersion(target(3), progress)).toBe(1);
  expect(leftVersion(target(1), progress)).toBe(2);
});
