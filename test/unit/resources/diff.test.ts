import { describe, expect, test } from '@jest/globals';
import { changesBetween, changesBetweenManifests, MAX_SHOWN } from '../../../resources/index.ts';
import type { FieldChange } from '../../../resources/index.ts';
import { object } from './objects.ts';

/** The changes between two specs of one Deployment. */
function changes(before: unknown, after: unknown): FieldChange[] {
  return changesBetween(object('Deployment/web', { spec: before }), object('Deployment/web', { spec: after }));
}

/** What the changes are expected to be; all are of that Deployment. */
function web(...expected: Omit<FieldChange, 'object'>[]): FieldChange[] {
  return expected.map((change) => ({ object: 'Deployment/web', ...change }));
}

describe('changesBetween', () => {
  test('nothing, where nothing differs but the order of keys', () => {
    expect(changes({ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 })).toEqual([]);
    expect(changesBetween(undefined, undefined)).toEqual([]);
  });

  test('a changed, an added and a removed field', () => {
    expect(changes({ replicas: 1, gone: true }, { replicas: 2, 'new/key': { a: [1] } })).toEqual(
      web(
        { path: '/spec/gone', change: 'removed', from: 'true' },
        { path: '/spec/new~1key', change: 'added', to: '{"a":[1]}' },
        { path: '/spec/replicas', change: 'changed', from: '1', to: '2' },
      ),
    );
  });

  test('an object that came or went', () => {
    expect(changesBetween(undefined, object('ConfigMap/a'))).toEqual([
      { object: 'ConfigMap/a', path: '', change: 'added' },
    ]);
    expect(changesBetween(object('ConfigMap/a'), undefined)).toEqual([
      { object: 'ConfigMap/a', path: '', change: 'removed' },
    ]);
  });

  test('matches containers and variables by name, ports by number and protocol', () => {
    const app = {
      name: 'app',
      image: 'a:1',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    };
    const before = { containers: [app], ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }] };
    const after = {
      containers: [
        { name: 'sidecar', image: 's:1' },
        { ...app, image: 'a:2', env: [{ name: 'B', value: '2' }] },
      ],
      ports: [
        { port: 53, nodePort: 30053 },
        { port: 53, protocol: 'UDP' },
      ],
    };
    expect(changes(before, after)).toEqual(
      web(
        { path: '/spec/containers/0', change: 'added', to: '{"name":"sidecar","image":"s:1"}' },
        { path: '/spec/containers/0/env/0', change: 'removed', from: '{"name":"A","value":"1"}' },
        { path: '/spec/containers/1/image', change: 'changed', from: 'a:1', to: 'a:2' },
        { path: '/spec/ports/0/nodePort', change: 'added', to: '30053' },
      ),
    );
  });

  test('takes lists without distinct names by position', () => {
    expect(changes({ args: ['a', 'b'] }, { args: ['a', 'c', 'd'] })).toEqual(
      web(
        { path: '/spec/args/1', change: 'changed', from: 'b', to: 'c' },
        { path: '/spec/args/2', change: 'added', to: 'd' },
      ),
    );
    expect(changes({ l: [{ name: 'a' }, { name: 'a', v: 1 }] }, { l: [{ name: 'a' }, { name: 'a', v: 2 }] })).toEqual(
      web({ path: '/spec/l/1/v', change: 'changed', from: '1', to: '2' }),
    );
  });

  test('a list that comes to have names, or loses its last item', () => {
    expect(changes({ l: ['a'] }, { l: [{ name: 'a' }] })).toEqual(
      web({ path: '/spec/l', change: 'changed', from: '["a"]', to: '[{"name":"a"}]' }),
    );
    expect(changes({ l: [{ name: 'a' }] }, { l: [] })).toEqual(
      web({ path: '/spec/l', change: 'changed', from: '[{"name":"a"}]', to: '[]' }),
    );
  });

  test('masks what a Secret holds, but tells that it changed', () => {
    const secret = (data: Record<string, string>, applied: string) =>
      object(
        'Secret/s',
        { type: 'Opaque', data },
        { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': applied } },
      );
    const found = changesBetween(secret({ a: 'YQ==', gone: 'eA==' }, 'one'), secret({ a: 'Yg==', b: 'Yw==' }, 'two'));
    expect(found.map(({ path, from, to }) => [path, from, to])).toEqual([
      ['/data/a', '***', '***'],
      ['/data/b', undefined, '***'],
      ['/data/gone', '***', undefined],
      ['/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration', '***', '***'],
    ]);
    expect(
      JSON.stringify(changesBetween(object('Secret/s', { data: { a: 'YQ==' } }), object('Secret/s'))),
    ).not.toContain('YQ==');
  });

  test('cuts long values', () => {
    const [change] = changes({ a: 'x' }, { a: 'y'.repeat(10_000) });
    expect(change?.to).toHaveLength(MAX_SHOWN);
    expect(change?.to).toMatch(/^y+…$/);
  });

  test('leaves out what is ignored', () => {
    const with_ = (value: string) => object('ConfigMap/a', {}, { annotations: { 'coxswain.dev/applied': value } });
    expect(changesBetween(with_('1'), with_('2'), ['/metadata/annotations/coxswain.dev~1applied'])).toEqual([]);
  });

  test('keys that mean something to JavaScript', () => {
    const data = (value: string) => ({
      data: JSON.parse(`{"__proto__":"${value}","constructor":"${value}"}`) as unknown,
    });
    expect(changesBetween(object('ConfigMap/a', data('1')), object('ConfigMap/a', data('2')))).toEqual([
      { object: 'ConfigMap/a', path: '/data/__proto__', change: 'changed', from: '1', to: '2' },
      { object: 'ConfigMap/a', path: '/data/constructor', change: 'changed', from: '1', to: '2' },
    ]);
  });
});

test('changesBetweenManifests goes object by object, the removed ones last', () => {
  const map = (name: string, a: string) => object(`ConfigMap/${name}`, { data: { a } });
  const found = changesBetweenManifests([map('old', '1'), map('both', '1')], [map('both', '2'), map('new', '1')]);
  expect(found.map((change) => `${change.object} ${change.change}`)).toEqual([
    'ConfigMap/both changed',
    'ConfigMap/new added',
    'ConfigMap/old removed',
  ]);
});
