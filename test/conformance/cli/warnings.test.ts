import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { loadChart, readValues, renderChart } from '../../../chart-renderer/index.ts';
import { ensureBinaries } from '../../control-plane/index.ts';
import { run } from '../../support/cluster/kubectl.ts';

const CHART = 'apiVersion: v2\nname: c\nversion: 1.0.0\n';
const OBJECT = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const CHILD = { 'charts/d/Chart.yaml': 'apiVersion: v2\nname: d\nversion: 1.0.0\n' };
const withDependency = (fields: string): string =>
  `${CHART}dependencies: [{name: d, version: 1.0.0, repository: "", ${fields}}]\n`;
const release = { name: 'r', namespace: 'default', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' };
const capabilities = { kubeVersion: 'v1.36.0', apiVersions: ['v1'] };

let helm4: string;
let root: string;

beforeAll(async () => {
  ({ helm4 } = await ensureBinaries(['helm4']));
  root = await mkdtemp(join(tmpdir(), 'warnings-'));
}, 1_200_000);
afterAll(() => rm(root, { recursive: true, force: true }));

type Row = readonly [
  title: string,
  files: Readonly<Record<string, string>>,
  values: string,
  helms: RegExp,
  ours: RegExp,
];

const ROWS: readonly Row[] = [
  [
    'a deprecated chart',
    { 'Chart.yaml': `${CHART}deprecated: true\n` },
    '',
    /this chart is deprecated/,
    /this chart is deprecated/,
  ],
  [
    'text where a table inside a table of the chart is',
    { 'Chart.yaml': CHART, 'values.yaml': 'a: {b: {c: 1}}\n' },
    'a: {b: text}',
    /cannot overwrite table with non table for c\.a\.b/,
    /cannot overwrite table with non table for c\.a\.b/,
  ],
  [
    'a table where the chart has text',
    { 'Chart.yaml': CHART, 'values.yaml': 'a: text\n' },
    'a: {b: 1}',
    /skipped value for c\.a: Not a table\./,
    /skipped value for c\.a: Not a table\./,
  ],
  [
    'text for a subchart',
    { 'Chart.yaml': withDependency('condition: ""'), ...CHILD, 'charts/d/values.yaml': 'a: {b: 1}\n' },
    'd: {a: x}',
    /cannot overwrite table with non table for c\.d\.a/,
    /cannot overwrite table with non table for c\.d\.a/,
  ],
  [
    'globals that are no table',
    { 'Chart.yaml': CHART, ...CHILD, 'charts/d/values.yaml': 'global: {a: 1}\n' },
    'global: text',
    /skipping globals because source global is not a table/,
    /skipping globals because source global is not a table/,
  ],
  [
    'a condition that is not a boolean',
    { 'Chart.yaml': withDependency('condition: d.enabled'), ...CHILD },
    'd: {enabled: "yes"}',
    /returned non-bool value.*path=d\.enabled/,
    /Condition path 'd\.enabled' for chart d returned non-bool value/,
  ],
  [
    'a tag that is not a boolean',
    { 'Chart.yaml': withDependency('tags: [t]'), ...CHILD },
    'tags: {t: "yes"}',
    /returned non-bool value.*tag=t/,
    /a tag of d has a value that is neither true nor false/,
  ],
  [
    'missing values to import',
    { 'Chart.yaml': withDependency('import-values: [{child: gone, parent: here}]'), ...CHILD },
    '',
    /ImportValues missing table from chart.*chart=d/,
    /ImportValues missing table from chart d: gone/,
  ],
  [
    'dependencies in the file for those of the first API version',
    {
      'Chart.yaml': CHART,
      ...CHILD,
      'requirements.yaml': 'dependencies: [{name: d, version: 1.0.0, repository: ""}]\n',
    },
    '',
    /^level=INFO msg="Warning: Dependencies are handled in Chart\.yaml since apiVersion \\"v2\\"\. We recommend migrating dependencies to Chart\.yaml\."$/,
    /^Dependencies are handled in Chart\.yaml since apiVersion "v2"\. We recommend migrating dependencies to Chart\.yaml\.$/,
  ],
  [
    'and their lock file, in a dependency',
    { 'Chart.yaml': CHART, ...CHILD, 'charts/d/requirements.lock': 'dependencies: []\n' },
    '',
    /^level=INFO msg="Warning: Dependency locking is handled in Chart\.lock since apiVersion \\"v2\\"\. We recommend migrating to Chart\.lock\."$/,
    /^Dependency locking is handled in Chart\.lock since apiVersion "v2"\. We recommend migrating to Chart\.lock\.$/,
  ],
  [
    'both, in a chart of the first API version',
    {
      'Chart.yaml': CHART.replace('v2', 'v1'),
      ...CHILD,
      'requirements.yaml': 'dependencies: [{name: d, version: 1.0.0, repository: ""}]\n',
      'requirements.lock': 'dependencies: []\n',
    },
    '',
    /^$/,
    /^$/,
  ],
  [
    'a schema that refers to a URN',
    { 'Chart.yaml': CHART, 'values.schema.json': '{"properties": {"a": {"$ref": "urn:example:x"}}}' },
    'a: 1',
    /^level=WARN msg="unresolved URN reference ignored; using permissive schema" urn=urn:example:x$/,
    /^unresolved URN reference ignored; using permissive schema: urn:example:x$/,
  ],
  ['nothing to warn of', { 'Chart.yaml': CHART, 'values.yaml': 'a: {b: 1}\n' }, 'a: {b: 2}', /^$/, /^$/],
];

describe('gives the same warnings as Helm 4', () => {
  test.each(ROWS)('%s', async (title, files, values, helms, ours) => {
    const chart = join(root, title.replaceAll(' ', '-'));
    for (const [path, text] of Object.entries({ ...files, 'templates/a.yaml': OBJECT })) {
      await mkdir(dirname(join(chart, path)), { recursive: true });
      await writeFile(join(chart, path), text);
    }
    const file = join(root, 'given.yaml');
    await writeFile(file, values);
    const { code, stderr } = await run(helm4, ['template', 'r', chart, '-f', file]);
    const loaded = await loadChart(chart);
    const { warnings } = await renderChart(loaded, { release, values: readValues(values), capabilities });
    expect({ code, helms: stderr.trim(), ours: warnings.join('\n') }).toEqual({
      code: 0,
      helms: expect.stringMatching(helms),
      ours: expect.stringMatching(ours),
    });
  });
});
