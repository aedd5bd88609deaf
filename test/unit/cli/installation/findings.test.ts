import { expect, test } from '@jest/globals';
import { definitionFinding, leaderIn } from '../../../../cli/installation/findings.ts';
import { knownFields } from '../../../../cli/installation/known-fields.ts';
import { registryFindings } from '../../../../cli/installation/registries.ts';
import type { Release } from '../../../../crds/index.ts';

const NOW = Date.parse('2026-01-01T00:01:00Z');
const lease = { holderIdentity: 'pod_1', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:50.000000Z' };

test.each([
  ['somebody leads', { spec: lease }, 'ok', 'pod_1'],
  [
    'nobody renewed it',
    { spec: { ...lease, renewTime: '2026-01-01T00:00:00Z' } },
    'wrong',
    'pod_1 renewed its lease 60 seconds ago',
  ],
  ['it was given up', { spec: { ...lease, holderIdentity: '' } }, 'wrong', 'no controller holds the lease'],
  ['it says nothing', {}, 'wrong', 'no controller holds the lease'],
])('a lease shows that %s', (_what, found, verdict, detail) => {
  expect(leaderIn(found, NOW)).toMatchObject({ verdict, detail });
});

test.each([
  [['chart', 'values'], 'ok', 'the one of this command'],
  [['chart', 'values', 'later'], 'ok', 'newer than this command: spec.later'],
  [['chart'], 'wrong', 'older than this command: it has no spec.values'],
])('a definition with %j is compared with that of this command', (fields, verdict, detail) => {
  expect(definitionFinding(fields, ['chart', 'values'])).toMatchObject({ verdict, detail });
});

test('the command knows the fields of its own definition', async () => {
  expect(await knownFields()).toEqual(expect.arrayContaining(['chart', 'serviceAccountName', 'values', 'version']));
});

test('each registry that releases name is told of by what the controller found', () => {
  const release = (name: string, chart: object, reason: string): Release =>
    ({
      metadata: { name, namespace: 'shop' },
      spec: { chart },
      status: { conditions: [{ type: 'Ready', status: 'True', reason, message: 'no answer' }] },
    }) as unknown as Release;
  const good = { registry: 'oci://good.example/charts' };
  const silent = { registry: 'https://silent.example' };
  const found = registryFindings([
    release('a', good, 'InstallSucceeded'),
    release('b', good, 'TemplateFailed'),
    release('c', silent, 'InstallSucceeded'),
    release('d', silent, 'RegistryUnavailable'),
    release('e', { inline: 'H4sI' }, 'InstallSucceeded'),
  ]);
  expect(found).toEqual([
    { what: 'registry', verdict: 'ok', detail: 'oci://good.example/charts, of 2 releases' },
    {
      what: 'registry',
      verdict: 'wrong',
      detail: 'https://silent.example: RegistryUnavailable: no answer',
      next: 'see what "d" waits for: kubectl release status d -n shop',
    },
  ]);
});
