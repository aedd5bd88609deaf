import { describe, expect, test } from '@jest/globals';
import { managedAsApplied, managedWithClaim, mergePatchFor, refusedEntries } from '../../../../resources/index.ts';
import type { FieldSet, KubeObject } from '../../../../resources/index.ts';
import { object } from '../objects.ts';

function live(ours: FieldSet, others: FieldSet, rest: Record<string, unknown>): KubeObject {
  const made = object('Deployment/web', rest);
  const managedFields = [
    { manager: 'us', operation: 'Update', fieldsV1: ours },
    { manager: 'them', operation: 'Update', fieldsV1: others },
  ];
  return { ...made, metadata: { ...made.metadata, resourceVersion: '7', managedFields } };
}

test.each([
  [
    'patch object (shop/web; apps/v1, Kind=Deployment): .spec.ports: duplicate entries for key [port=1]',
    'DuplicateEntries',
  ],
  [
    'live object (shop/a; /v1, Kind=ServiceAccount): .secrets: element 0: associative list with keys has an element that omits all key fields ["name"]',
    'KeylessEntries',
  ],
  [
    'patch object (shop/a; v1, Kind=Service): errors:\n  .spec.ports: element 0: associative list with keys has an element that omits key field "protocol"',
    'KeylessEntries',
  ],
  ['patch object (shop/a; /v1, Kind=Service): .spec.port: field not declared in schema', undefined],
])('an apply refused by "failed to create typed %s": %s', (refusal, reason) => {
  expect(refusedEntries(`patch x: failed to create typed ${refusal}`)).toBe(reason);
});

describe('mergePatchFor', () => {
  test('removes nameless secrets from a service account, since their owner is unknown, but no others', () => {
    const account = {
      ...live({}, {}, { secrets: [{}, { name: 'theirs' }] }),
      apiVersion: 'v1',
      kind: 'ServiceAccount',
    };
    expect(mergePatchFor(object('ServiceAccount/a', {}), account, 'us')).toMatchObject({
      secrets: [{ name: 'theirs' }],
    });
    const desired = object('ServiceAccount/a', { secrets: [{ name: 'ours' }] });
    expect(mergePatchFor(desired, account, 'us')).toMatchObject({ secrets: [{ name: 'ours' }] });
  });

  test('removes what we alone own and no longer want, and leaves what others or nobody owns', () => {
    const there = live(
      { 'f:spec': { 'f:gone': {}, 'f:shared': { 'f:ours': {} } } },
      { 'f:spec': { 'f:shared': { 'f:theirs': {} } } },
      { spec: { gone: 1, shared: { ours: 1, theirs: 1 }, defaulted: 1 } },
    );
    const { spec } = mergePatchFor(object('Deployment/web', { spec: { list: [1] } }), there, 'us');
    expect(spec).toEqual({ list: [1], gone: null, shared: { ours: null } });
  });

  test('keeps finalizers of others, and is valid only for the object as it was read', () => {
    const desired = object('Deployment/web', {});
    desired.metadata.finalizers = ['a/b'];
    const there = live({}, {}, {});
    there.metadata.finalizers = ['c/d'];
    expect(mergePatchFor(desired, there, 'us')['metadata']).toMatchObject({
      finalizers: ['a/b', 'c/d'],
      resourceVersion: '7',
    });
  });
});

const CONTAINER = 'k:{"name":"c"}';
const MOUNT = 'k:{"mountPath":"/m"}';
const TCP_80 = 'k:{"containerPort":80,"protocol":"TCP"}';
const UDP_80 = 'k:{"containerPort":80,"protocol":"UDP"}';
const http = { name: 'http', containerPort: 80 };
const web = { name: 'web', containerPort: 80 };
const httpTcp = { ...http, protocol: 'TCP' };
const webTcp = { ...web, protocol: 'TCP' };
const webUdp = { ...web, protocol: 'UDP' };
const PORT_FIELDS = { 'f:name': {}, 'f:containerPort': {} };

describe('a list of which items are owned one by one', () => {
  test('keeps what admission added to an item, and items of others in their places', () => {
    const injected = { mountPath: '/secret', name: 'token' };
    const ours = { 'f:name': {}, 'f:image': {}, 'f:volumeMounts': { [MOUNT]: { 'f:name': {} } } };
    const there = live(
      { 'f:containers': { [CONTAINER]: ours } },
      { 'f:containers': { 'k:{"name":"proxy"}': { 'f:name': {} } } },
      {
        containers: [
          { name: 'proxy', image: 'p' },
          { name: 'c', image: '1', volumeMounts: [{ mountPath: '/m', name: 'm' }, injected], pull: 'Always' },
        ],
      },
    );
    const container = { name: 'c', image: '2', volumeMounts: [{ mountPath: '/m', name: 'n' }] };
    expect(mergePatchFor(object('Deployment/web', { containers: [container] }), there, 'us')['containers']).toEqual([
      { name: 'proxy', image: 'p' },
      { name: 'c', image: '2', volumeMounts: [{ mountPath: '/m', name: 'n' }, injected], pull: 'Always' },
    ]);
  });

  const ONE = { [TCP_80]: PORT_FIELDS };
  const TWICE = { [TCP_80]: {} };
  const BOTH = { [TCP_80]: PORT_FIELDS, [UDP_80]: { ...PORT_FIELDS, 'f:protocol': {} } };
  const OTHER = { [UDP_80]: PORT_FIELDS };
  test.each<[string, FieldSet, FieldSet, unknown[], unknown[], unknown]>([
    ['a key twice, as it is but for defaults', TWICE, {}, [http, web], [httpTcp, webTcp], [http, web]],
    ['a key that comes twice', ONE, {}, [http, web], [httpTcp], [http, web]],
    ['a key that was there twice', TWICE, {}, [web], [httpTcp, webTcp], [web]],
    ['a key twice that is gone', TWICE, {}, [], [httpTcp, webTcp], []],
    ['a key twice that another made so', {}, TWICE, [http], [httpTcp, webTcp], [http]],
    ['a key twice of another', ONE, { [UDP_80]: {} }, [http], [httpTcp, webUdp, webUdp], undefined],
    ['a default that is left out', ONE, {}, [http], [{ ...httpTcp, hostPort: 80 }], undefined],
    ['a name that changes', ONE, {}, [web], [httpTcp], [webTcp]],
    ['two that differ in what one leaves out', BOTH, {}, [http, webUdp], [httpTcp, webUdp], undefined],
    ['another of the same port', {}, OTHER, [http], [webUdp], [http, webUdp]],
    ['another order', BOTH, {}, [webUdp, httpTcp], [httpTcp, webUdp], [webUdp, httpTcp]],
  ])('%s', (_, ours, others, desired, there, sent) => {
    const patch = mergePatchFor(
      object('Deployment/web', { ports: desired }),
      live({ 'f:ports': ours }, { 'f:ports': others }, { ports: there }),
      'us',
    );
    expect(patch['ports']).toEqual(sent);
  });
});

test('a field that is owned as a whole is replaced, but an empty map only has to exist', () => {
  const ours = { 'f:selector': {}, 'f:args': {}, 'f:strategy': {}, 'f:same': {} };
  const rest = { selector: { a: '1', b: '2' }, args: ['a', 'b'], strategy: { type: 'X' }, same: ['a'] };
  const desired = object('Deployment/web', { selector: { a: '1' }, args: ['b'], strategy: {}, same: ['a'] });
  const { metadata: _, ...patch } = mergePatchFor(desired, live(ours, {}, rest), 'us');
  expect(patch).toEqual({ selector: { b: null }, args: ['b'] });
});

test('our finalizers that are no longer wanted are removed, and those of others stay', () => {
  const owned = (name: string): FieldSet => ({ 'f:metadata': { 'f:finalizers': { [`v:"${name}"`]: {} } } });
  const there = live(owned('a/b'), owned('c/d'), {});
  there.metadata.finalizers = ['a/b', 'c/d', 'e/f'];
  const desired = object('Deployment/web', {});
  desired.metadata.finalizers = ['g/h'];
  expect(mergePatchFor(desired, there, 'us')['metadata']).toMatchObject({ finalizers: ['g/h', 'c/d', 'e/f'] });
});

const PORT = 'k:{"containerPort":80,"protocol":"TCP"}';

test('an update counts as an apply of the desired state', () => {
  const ours = { 'f:spec': { 'f:defaulted': {}, 'f:ports': { '.': {}, [PORT]: {} } } };
  const desired = object('Deployment/web', { spec: { ports: [{ containerPort: 80 }, { containerPort: 80 }] } });
  const [theirs, applied, ...more] = managedAsApplied(live(ours, {}, {}), desired, 'us');
  expect(theirs?.manager).toBe('them');
  expect(applied).toMatchObject({ manager: 'us', operation: 'Apply' });
  expect(applied?.fieldsV1).toEqual({ 'f:spec': { 'f:ports': { [PORT]: {} } } });
  expect(more).toEqual([]);
});

test('a claimed field is added to the owned ones, even if it was owned as a whole, and taken from others', () => {
  const there = live({ 'f:spec': { 'f:a': {} } }, { 'f:spec': { 'f:a': { 'f:b': { 'f:c': {} } }, 'f:d': {} } }, {});
  const [theirs, ours] = managedWithClaim(there, { 'f:spec': { 'f:a': { 'f:b': {} } } }, 'us');
  expect(ours?.fieldsV1).toEqual({ 'f:spec': { 'f:a': { '.': {}, 'f:b': {} } } });
  expect(theirs?.fieldsV1).toEqual({ 'f:spec': { 'f:d': {} } });
});
