import { describe, expect, test } from '@jest/globals';
import { type Chart, loadChart } from '../../../../chart-renderer/index.ts';
import { buildArchive } from '../../../support/charts/chart-builder.ts';

function load(chartYaml: string, files: Record<string, string> = {}): Promise<Chart> {
  const all = { 'Chart.yaml': chartYaml, ...files };
  return loadChart(buildArchive(Object.entries(all).map(([path, content]) => ({ path: `c/${path}`, content }))));
}

const HEAD = 'apiVersion: v2\nname: c\nversion: 1.0.0\n';

test('numbers become text, as in Helm', async () => {
  const { metadata } = await load('name: c\nversion: 1.0\nappVersion: 1.10\nannotations: {a: true, b: 2}\n');
  expect(metadata).toMatchObject({
    apiVersion: 'v1',
    version: '1',
    appVersion: '1.1',
    annotations: { a: 'true', b: '2' },
  });
});

test('field names match in any case, and unknown ones are dropped', async () => {
  const { metadata } = await load(`${HEAD}Description: "two\\nlines"\nengine: handlebars\nunknown: [1]\n`);
  expect(metadata).toMatchObject({ description: 'two lines', engine: 'handlebars' });
  expect(metadata).not.toHaveProperty('unknown');
});

test('requirements.yaml gives the dependencies of an old chart', async () => {
  const requirements = 'dependencies:\n- {name: d, version: ^1, repository: "", tags: [t]}\n';
  const { metadata, files } = await load('name: c\nversion: 1.0.0\n', { 'requirements.yaml': requirements });
  expect(metadata.dependencies).toMatchObject([{ name: 'd', version: '^1', tags: ['t'], alias: '' }]);
  expect(files.map(({ name }) => name)).toEqual(['requirements.yaml']);
});

describe('invalid metadata', () => {
  test.each([
    ['no name', 'apiVersion: v2\nversion: 1.0.0\n'],
    ['the name .', 'name: .\nversion: 1.0.0\n'],
    ['the name ..', 'name: ..\nversion: 1.0.0\n'],
    ['a name with a slash', 'name: a/b\nversion: 1.0.0\n'],
    ['a name of 300 characters', `name: ${'c'.repeat(300)}\nversion: 1.0.0\n`],
    ['no version', 'name: c\n'],
    ['an invalid version', 'name: c\nversion: 1.0/../..\n'],
    ['an unknown type', `${HEAD}type: plugin\n`],
    ['a null maintainer', `${HEAD}maintainers: [null]\n`],
    ['a null dependency', `${HEAD}dependencies: [null]\n`],
    ['an alias that leaves the chart', `${HEAD}dependencies: [{name: d, version: "1", alias: ../x}]\n`],
    ['two dependencies of one name', `${HEAD}dependencies: [{name: d, version: "1"}, {name: d, version: "2"}]\n`],
    ['an alias that is another name', `${HEAD}dependencies: [{name: d}, {name: e, alias: d}]\n`],
    ['annotations that are no table', `${HEAD}annotations: 3\n`],
    ['keywords that are no list', `${HEAD}keywords: k\n`],
    ['a deprecated field that is not a boolean', `${HEAD}deprecated: "yes it is"\n`],
    ['a list', '- a\n'],
    ['YAML that does not parse', 'name: [\n'],
    ['nothing', ''],
  ])('%s', async (_what, chartYaml) => {
    await expect(load(chartYaml)).rejects.toMatchObject({ name: 'ChartError', code: 'InvalidChart' });
  });

  test('values that are not a map', async () => {
    await expect(load(HEAD, { 'values.yaml': '- a\n' })).rejects.toMatchObject({
      code: 'InvalidChart',
      file: 'values.yaml',
    });
  });
});

test('a bidirectional override character is dropped from the name', async () => {
  expect((await load('name: "c\\u202ed"\nversion: 1.0.0\n')).metadata.name).toBe('cd');
});
