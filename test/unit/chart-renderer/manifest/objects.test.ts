import { describe, expect, test } from '@jest/globals';
import { readDefinitions, readManifests } from '../../../../chart-renderer/manifest/objects.ts';

const MAX = 100;

test('nulls are kept', () => {
  const text = manifest('ConfigMap', 'c', '  labels:\n  annotations: {a: null}\ndata: {LOG_LEVEL: }\n');
  expect(readManifests({ f: text }, 'v4', MAX).objects[0]?.object).toMatchObject({
    metadata: { labels: null, annotations: { a: null } },
    data: { LOG_LEVEL: null },
  });
});

function manifest(kind: string, name: string, more = ''): string {
  return `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${more}`;
}

test('objects come in install order, each with its source', () => {
  const files = {
    'c/templates/a.yaml': `${manifest('Pod', 'p')}---\n${manifest('Secret', 's')}`,
    'c/templates/b.yaml': manifest('Namespace', 'ns'),
  };
  expect(readManifests(files, 'v4', MAX).objects.map(({ object, source }) => [object.kind, source])).toEqual([
    ['Namespace', 'c/templates/b.yaml'],
    ['Secret', 'c/templates/a.yaml'],
    ['Pod', 'c/templates/a.yaml'],
  ]);
});

test('a list is sorted as a whole, then replaced by its items', () => {
  const list =
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}';
  expect(readManifests({ f: list }, 'v4', MAX).objects.map(({ object }) => object.metadata.name)).toEqual(['a', 'b']);
});

test('items without a kind get the one that the list implies', () => {
  const list =
    'apiVersion: v1\nkind: ConfigMapList\nitems: [{metadata: {name: a}}, {apiVersion: v2, kind: X, metadata: {name: b}}]';
  expect(readManifests({ f: list }, 'v4', MAX).objects.map(({ object }) => [object.apiVersion, object.kind])).toEqual([
    ['v1', 'ConfigMap'],
    ['v2', 'X'],
  ]);
});

test('a list without items is no object', () => {
  expect(readManifests({ f: 'apiVersion: v1\nkind: List\nitems:' }, 'v4', MAX).objects).toEqual([]);
});

describe('the last line of a document ends in a newline, whatever follows', () => {
  const config = (scalar: string): string => manifest('ConfigMap', 'c', `data:\n  a: ${scalar}`);

  test.each([
    ['|', '|\n    text', 'text\n'],
    ['|-', '|-\n    text', 'text'],
    ['>', '>\n    text\n    more', 'text more\n'],
    ['plain', 'text', 'text'],
  ])('%s', (_style, scalar, text) => {
    const files = { end: config(scalar), before: `${config(scalar)}\n---\n${manifest('Pod', 'p')}` };
    const { objects } = readManifests(files, 'v4', MAX);
    const configs = objects.filter(({ object }) => object.kind === 'ConfigMap');
    expect(configs.map(({ object }) => object['data'])).toEqual([{ a: text }, { a: text }]);
  });

  test.each([
    ['v3', 'text\n', 'text\n'],
    ['v4', 'text\n\n\n\n', 'text\n\n\n'],
  ] as const)(
    '|+, where Helm %s trims or not, and objects get one newline more but hooks none',
    (version, part, hooked) => {
      const kept = '|+\n    text\n\n\n';
      const hook = manifest('Job', 'j', `  annotations:\n    helm.sh/hook: test\ndata:\n  a: ${kept}`);
      const { objects, hooks } = readManifests({ part: config(kept), hook }, version, MAX);
      expect(objects.map(({ object }) => object['data'])).toEqual([{ a: part }]);
      expect(hooks.map(({ object }) => object['data'])).toEqual([{ a: hooked }]);
    },
  );

  test('but not in the annotations of a hook, which are read before', () => {
    const text = manifest('Job', 'j', '  annotations:\n    helm.sh/hook: test\n    helm.sh/hook-weight: |\n      5');
    const [hook] = readManifests({ f: text }, 'v4', MAX).hooks;
    expect(hook).toMatchObject({ weight: 5, object: { metadata: { annotations: { 'helm.sh/hook-weight': '5\n' } } } });
  });

  test('also in crds/, where newlines at the end of a document count', () => {
    const text = `${config('|+\n    text\n\n')}\n---\n${config('|\n    text')}`;
    const definitions = readDefinitions([{ source: 'crds/a.yaml', text }]);
    expect(definitions.map(({ object }) => object['data'])).toEqual([{ a: 'text\n\n\n' }, { a: 'text\n' }]);
  });
});

test('comments alone are no object', () => {
  expect(readManifests({ f: '# nothing\n---\n' }, 'v4', MAX).objects).toEqual([]);
});

describe('hooks', () => {
  const hook = (annotations: string): string => manifest('Job', 'j', `  annotations: {${annotations}}\n`);

  test('are separated from objects', () => {
    const text = hook(
      '"helm.sh/hook": "pre-install, Post-Upgrade", "helm.sh/hook-weight": "-5", "helm.sh/hook-delete-policy": hook-succeeded',
    );
    const { objects, hooks } = readManifests({ f: text }, 'v4', MAX);
    expect(objects).toEqual([]);
    expect(hooks).toMatchObject([
      {
        events: ['pre-install', 'post-upgrade'],
        weight: -5,
        deletePolicies: ['hook-succeeded'],
        kind: 'Job',
        name: 'j',
        source: 'f',
      },
    ]);
  });

  test('with an unknown event are left out', () => {
    expect(readManifests({ f: hook('"helm.sh/hook": crd-install') }, 'v4', MAX)).toEqual({ objects: [], hooks: [] });
  });

  test('may have generated names', () => {
    const text = hook('"helm.sh/hook": test').replace('name: j', 'generateName: j-');
    expect(readManifests({ f: text }, 'v4', MAX).hooks).toMatchObject([
      { name: '', object: { metadata: { generateName: 'j-' } } },
    ]);
  });

  test('a weight that is not a number is 0', () => {
    expect(
      readManifests({ f: hook('"helm.sh/hook": test, "helm.sh/hook-weight": high') }, 'v4', MAX).hooks[0]?.weight,
    ).toBe(0);
  });
});

describe('an invalid manifest is refused with its file and line', () => {
  test.each([
    ['YAML that does not parse', 'a: 1\n---\n\nb: [\nc: }', 4],
    ['a document without kind', 'a: 1\n---\napiVersion: v1\nmetadata: {name: x}', 3],
    ['a document without apiVersion', 'kind: Pod\nmetadata: {name: x}', 1],
    ['a document without a name', 'apiVersion: v1\nkind: Pod\nmetadata: {}', 1],
    ['generateName alone', 'apiVersion: v1\nkind: Pod\nmetadata: {generateName: x-}', 1],
    ['a name with a slash', manifest('Pod', 'a/b'), 1],
    ['a name with a percent sign', manifest('Pod', 'a-%!s(bool=false)'), 1],
    ['a name that leads up', manifest('Pod', '".."'), 1],
    ['a list', '- a\n- b', 1],
    ['a text', 'just text', 1],
  ])('%s', (_what, text, line) => {
    const files = text.startsWith('a: 1\n---')
      ? { f: text.replace('a: 1\n', `${manifest('Pod', 'x').trimEnd()}\n`) }
      : { f: text };
    const shift = files.f.split('\n').length - text.split('\n').length;
    const thrown = catchError(() => readManifests(files, 'v4', MAX));
    expect(thrown).toMatchObject({ name: 'ChartError', code: 'Manifest', file: 'f' });
    expect((thrown as { line: number }).line).toBeGreaterThanOrEqual(line + shift);
  });

  test.each([
    ['labels', '{port: 80}'],
    ['annotations', '{on: true}'],
    ['annotations', '[a]'],
    ['labels', '{list: [a]}'],
    ['finalizers', '[1]'],
    ['namespace', '5'],
  ])('%s that are %s', (field, value) => {
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: x, ${field}: ${value}}`;
    expect(catchError(() => readManifests({ f: text }, 'v4', MAX))).toMatchObject({
      code: 'Manifest',
      file: 'f',
      line: 1,
    });
  });

  test('lists within lists', () => {
    const nested = '{apiVersion: v1, kind: List, items: ['.repeat(100) + ']}'.repeat(100);
    expect(catchError(() => readManifests({ f: nested }, 'v4', MAX))).toMatchObject({ code: 'Manifest' });
  });

  test('more objects than allowed', () => {
    const text = Array.from({ length: 101 }, (_none, i) => manifest('Pod', `p${i}`)).join('---\n');
    expect(catchError(() => readManifests({ f: text }, 'v4', MAX))).toMatchObject({
      code: 'Limit',
      limit: { name: 'documents', value: MAX },
    });
  });
});

function catchError(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

test('whole numbers of 64 bits keep their digits, others are doubles', () => {
  const text = manifest('Thing', 't', 'spec: [9007199254740993, 0x20000000000001, 5, 18446744073709551615, 1.5]\n');
  expect(readManifests({ f: text }, 'v4', MAX).objects[0]?.object['spec']).toEqual([
    9007199254740993n,
    9007199254740993n,
    5,
    18446744073709552000,
    1.5,
  ]);
});
