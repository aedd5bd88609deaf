import { describe, expect, test } from '@jest/globals';
import { changesBetweenManifests, MAX_SHOWN } from '../../../../resources/index.ts';
import type { FieldChange, KubeObject } from '../../../../resources/index.ts';
import { countedReads } from '../../../support/counted-reads.ts';
import { changesBetween, manifestChanges, object } from '../objects.ts';

/** The changes between two specs of one Deployment. */
function changes(before: unknown, after: unknown): FieldChange[] {
  return changesBetween(object('Deployment/web', { spec: before }), object('Deployment/web', { spec: after }));
}

/** What the changes are expected to be; all are of that Deployment. */
function web(...expected: Omit<FieldChange, 'object'>[]): FieldChange[] {
  return expected.map((change) => ({ object: 'Deployment/web', ...change }));
}

describe('the changes of an object', () => {
  test('none, if nothing differs but the order of keys', () => {
    expect(changes({ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 })).toEqual([]);
    expect(changesBetween(undefined, undefined)).toEqual([]);
  });

  test('a changed, an added and a removed field', () => {
    expect(changes({ replicas: 1, gone: true }, { replicas: 2, 'new/key': { a: [1] } })).toEqual(
      web(
        { path: '/spec/replicas', change: 'Changed', from: '1', to: '2' },
        { path: '/spec/gone', change: 'Removed', from: 'true' },
        { path: '/spec/new~1key', change: 'Added', to: '{"a":[1]}' },
      ),
    );
  });

  test('an added or removed object', () => {
    expect(changesBetween(undefined, object('ConfigMap/a'))).toEqual([
      { object: 'ConfigMap/a', path: '', change: 'Added' },
    ]);
    expect(changesBetween(object('ConfigMap/a'), undefined)).toEqual([
      { object: 'ConfigMap/a', path: '', change: 'Removed' },
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
        { path: '/spec/containers/1/image', change: 'Changed', from: 'a:1', to: 'a:2' },
        { path: '/spec/containers/0', change: 'Added', to: '{"name":"sidecar","image":"s:1"}' },
        { path: '/spec/containers/0/env/0', change: 'Removed', from: '{"name":"A","value":"1"}' },
        { path: '/spec/ports/0/nodePort', change: 'Added', to: '30053' },
      ),
    );
  });

  test('compares lists without distinct names by position', () => {
    expect(changes({ args: ['a', 'b'] }, { args: ['a', 'c', 'd'] })).toEqual(
      web(
        { path: '/spec/args/1', change: 'Changed', from: 'b', to: 'c' },
        { path: '/spec/args/2', change: 'Added', to: 'd' },
      ),
    );
    expect(changes({ l: [{ name: 'a' }, { name: 'a', v: 1 }] }, { l: [{ name: 'a' }, { name: 'a', v: 2 }] })).toEqual(
      web({ path: '/spec/l/1/v', change: 'Changed', from: '1', to: '2' }),
    );
  });

  test('a list that gains names, or loses its last item', () => {
    expect(changes({ l: ['a'] }, { l: [{ name: 'a' }] })).toEqual(
      web({ path: '/spec/l', change: 'Changed', from: '["a"]', to: '[{"name":"a"}]' }),
    );
    expect(changes({ l: [{ name: 'a' }] }, { l: [] })).toEqual(
      web({ path: '/spec/l', change: 'Changed', from: '[{"name":"a"}]', to: '[]' }),
    );
  });

  test('masks the content of a Secret, but says that it changed', () => {
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

  test('keys with a meaning in JavaScript', () => {
    const data = (value: string) => ({
      data: JSON.parse(`{"__proto__":"${value}","constructor":"${value}"}`) as unknown,
    });
    expect(changesBetween(object('ConfigMap/a', data('1')), object('ConfigMap/a', data('2')))).toEqual([
      { object: 'ConfigMap/a', path: '/data/__proto__', change: 'Changed', from: '1', to: '2' },
      { object: 'ConfigMap/a', path: '/data/constructor', change: 'Changed', from: '1', to: '2' },
    ]);
  });
});

describe('the changes of a manifest', () => {
  const map = (name: string, a: string) => object(`ConfigMap/${name}`, { data: { a } });
  const web = (image: string, chart: string, name = 'web') =>
    object(
      `Deployment/${name}`,
      { spec: { replicas: 1, template: { spec: { containers: [{ name: 'c', image }] } } } },
      { labels: { 'helm.sh/chart': chart }, annotations: { owner: `of ${chart}` } },
    );

  test('come object by object, added and removed ones first', () => {
    const { changes: found } = manifestChanges(
      [map('old', '1'), map('both', '1')],
      [map('both', '2'), map('new', '1')],
    );
    expect(found.map((change) => `${change.object} ${change.change}`)).toEqual([
      'ConfigMap/new Added',
      'ConfigMap/old Removed',
      'ConfigMap/both Changed',
    ]);
  });

  test('a changed image is shown, however many labels change with the chart', () => {
    const labelled = (chart: string): KubeObject[] =>
      Array.from({ length: 124 }, (_, index) =>
        object(`ConfigMap/m${index}`, {}, { labels: { 'helm.sh/chart': chart, [`own-${index}`]: chart } }),
      );
    const { changes: found, total } = manifestChanges(
      [...labelled('web-1'), web('a:1', 'web-1')],
      [...labelled('web-2'), web('a:2', 'web-2')],
      100,
    );
    expect(total).toBe(124 * 2 + 3);
    expect(found).toHaveLength(100);
    expect(found[0]).toEqual({
      object: 'Deployment/web',
      path: '/spec/template/spec/containers/0/image',
      change: 'Changed',
      from: 'a:1',
      to: 'a:2',
    });
  });

  test('equal label changes are one change, and those of Secrets are masked', () => {
    const secret = (chart: string) => object('Secret/s', {}, { labels: { 'helm.sh/chart': chart } });
    const all = (chart: string) => [web('a', chart), web('a', chart, 'other'), secret(chart)];
    expect(manifestChanges(all('web-1'), all('web-2')).changes).toEqual([
      {
        object: 'Deployment/web',
        path: '/metadata/annotations/owner',
        change: 'Changed',
        from: 'of web-1',
        to: 'of web-2',
        alsoIn: ['Deployment/other'],
      },
      {
        object: 'Deployment/web',
        path: '/metadata/labels/helm.sh~1chart',
        change: 'Changed',
        from: 'web-1',
        to: 'web-2',
        alsoIn: ['Deployment/other'],
      },
      { object: 'Secret/s', path: '/metadata/labels/helm.sh~1chart', change: 'Changed', from: '***', to: '***' },
    ]);
  });

  test('values are masked before they are cut', () => {
    const value = `${'x'.repeat(MAX_SHOWN - 5)}hunter22`;
    const masked = (text: string): string => text.replace('hunter22', '***');
    const { changes: found } = manifestChanges([map('m', 'y')], [map('m', value)], 9, masked);
    expect(found[0]?.to).toBe(`${'x'.repeat(MAX_SHOWN - 5)}***`);
  });
});

describe('the cost of comparing', () => {
  /** Two states of a list of variables, with the number of times that anything of them was read. */
  function counted(length: number): { before: KubeObject; after: KubeObject; reads: () => number } {
    const container = (value: string) => {
      const env = Array.from({ length }, (_, index) => ({ name: `n${index}`, value }));
      return countedReads(object('Deployment/web', { spec: { containers: [{ name: 'c', env }] } }));
    };
    const [before, after] = [container('1'), container('2')];
    return { before: before.value, after: after.value, reads: () => before.reads() + after.reads() };
  }

  test('doubles with the number of items', () => {
    const reads = [1_000, 2_000, 4_000].map((length) => {
      const { before, after, reads: count } = counted(length);
      expect(manifestChanges([before], [after], 100).total).toBe(length);
      return count();
    });
    const [first = 0, second = 0, third = 0] = reads;
    expect(third - second).toBe(2 * (second - first));
  });

  test('is spread over turns of some thousand items', () => {
    const { before, after, reads } = counted(20_000);
    const turns = changesBetweenManifests([before], [after], { max: 100, masked: (text) => text });
    let last = 0;
    let max = 0;
    while (turns.next().done !== true) {
      max = Math.max(max, reads() - last);
      last = reads();
    }
    expect(max).toBeLessThan(50_000);
  });

  test('is the same at any depth', () => {
    const deep = (inner: unknown) => {
      let value = inner;
      for (let level = 0; level < 50_000; level += 1) value = { a: [value] };
      return object('Thing/deep', { spec: value });
    };
    const { total, changes: found } = manifestChanges([deep(1)], [deep(2)]);
    expect(total).toBe(1);
    expect(found[0]).toMatchObject({ from: '1', to: '2', path: expect.stringMatching(/^\/spec\/a\/0.*…$/) });
  });
});
