import { expect, test } from '@jest/globals';
import { besideOf, keyOfDesired, standbyOf } from '../../../../controller/deploy/colours/colours.ts';
import type { Desired, DesiredObject } from '../../../../controller/plan/desired.ts';

/** Of such objects as `Kind/name`, with a `*` at the end for those with a colour. */
function desired(version: string, ...titles: readonly string[]): Desired {
  const objects = titles.map((title): DesiredObject => {
    const [kind = '', name = ''] = title.replace('*', '').split('/');
    const labels = { version, ...(title.endsWith('*') && { 'coxswain.dev/colour': version }) };
    return { object: { apiVersion: 'v1', kind, metadata: { name, labels } }, resource: {} as never };
  });
  return { objects, pending: [], definitions: [], existing: [], hooks: [], unserved: [] };
}

function told(objects: readonly DesiredObject[]): string[] {
  return objects.map(
    ({ object: { kind, metadata } }) => `${kind}/${metadata.name} of ${metadata.labels?.['version'] ?? ''}`,
  );
}

const one = desired('v1', 'Service/web', 'Service/next*', 'Deployment/web-v1*', 'Role/web', 'Ingress/old');
const two = desired(
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
const plain = desired('v3', 'Service/web', 'Deployment/web', 'Deployment/gone', 'PodDisruptionBudget/web');

test('until the cut, what both versions have is as in the old one, but what the new pods may need, and its own colour', () => {
  const { desired: beside, ahead, awaited } = besideOf(one, two);
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
  expect(told(awaited)).toEqual(['Deployment/web-v2 of v2', 'Deployment/cache of v2']);
  expect([...ahead]).toEqual(beside.objects.slice(3).map(keyOfDesired));
});

test('the version left at the cut keeps what is of its colour, and where it had none what has one by now', () => {
  expect(told(standbyOf(one, two))).toEqual(['Deployment/web-v1 of v1']);
  expect(told(standbyOf(plain, two))).toEqual(['Deployment/web of v3']);
  expect(told(standbyOf(two, plain))).toEqual([
    'Service/next of v2',
    'Deployment/web-v2 of v2',
    'PodDisruptionBudget/web-v2 of v2',
  ]);
});
