import { expect, test } from '@jest/globals';
import { withoutFilledTexts } from '../../../../resources/apply/empty-texts.ts';
import { object } from '../objects.ts';

test.each([
  ['PersistentVolumeClaim', { volumeName: '', storageClassName: '' }, { storageClassName: '' }],
  ['PersistentVolume', { claimRef: { name: 'c', uid: '' } }, { claimRef: { name: 'c' } }],
  ['Pod', { nodeName: '', hostname: '' }, { hostname: '' }],
  ['Pod', { nodeName: 'a', serviceAccountName: '' }, { nodeName: 'a' }],
  ['Service', { clusterIP: '', ports: [{ port: 80, protocol: '' }] }, { ports: [{ port: 80 }] }],
  ['Job', { volumeName: '' }, { volumeName: '' }],
  [
    'StatefulSet',
    { template: { spec: { nodeName: '', containers: [{ ports: [{ protocol: '' }, { protocol: 'UDP' }] }] } } },
    { template: { spec: { nodeName: '', containers: [{ ports: [{}, { protocol: 'UDP' }] }] } } },
  ],
])('%s %j', (kind, given, expected) => {
  expect(withoutFilledTexts(object(`${kind}/a`, { spec: given }))['spec']).toEqual(expected);
});
