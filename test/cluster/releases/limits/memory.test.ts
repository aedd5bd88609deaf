import { randomBytes } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../../support/eventually.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { buildChart, type ChartParts } from '../../../support/charts/chart-builder.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

/** How much is installed in how much heap: all that a controller as shipped is to survive, or half of the heap and less than half of that. */
const SIZES = {
  full: { heapMib: 384, big: 7, repetitive: 100, dense: 8, inline: 300, foreign: 410 },
  part: { heapMib: 192, big: 3, repetitive: 8, dense: 2, inline: 8, foreign: 40 },
};
const SIZE = SIZES[process.env['MEMORY'] === 'full' ? 'full' : 'part'];
const HEAP = { NODE_OPTIONS: `--max-old-space-size=${SIZE.heapMib} --max-semi-space-size=2` };
/** Hundreds of megabytes through one API server: minutes where others are at work too. */
const TEST_TIMEOUT_MS = process.env['MEMORY'] === 'full' ? 3_600_000 : 600_000;
const PATIENCE = { timeoutMs: TEST_TIMEOUT_MS - 60_000 };

const coxswain = story({ env: HEAP });
let tenant: Tenant;
let neighbour: Tenant;

beforeAll(async () => {
  tenant = await coxswain.tenant({ prefix: 'big' });
  neighbour = await coxswain.tenant({ prefix: 'small' });
});

test(
  'charts of 30 MB are installed, a child of one is restored, and a neighbour is served',
  async () => {
    await installed(SIZE.big, 'big', await coxswain.push(repetitiveChart('big', 30)));
    await comesBack('big1-7');
    await serves('before');
  },
  TEST_TIMEOUT_MS,
);

test(
  'so are many of 10 MB',
  async () => {
    await installed(SIZE.repetitive, 'ten', await coxswain.push(repetitiveChart('ten', 10)));
    await comesBack('ten1-7');
  },
  TEST_TIMEOUT_MS,
);

test(
  'so are charts whose 10 MB do not compress',
  async () => {
    const files = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`text-${index}`, denseText(700_000)]));
    const chart = await coxswain.push({
      name: 'dense',
      files,
      templates: {
        'all.yaml': `{{ range $i := until 10 }}
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ $.Release.Name }}-{{ $i }}}
data: {a: {{ $.Files.Get (printf "text-%d" $i) }}}
---
{{ end }}`,
      },
    });
    await installed(SIZE.dense, 'dense', chart);
    await comesBack('dense1-7');
  },
  TEST_TIMEOUT_MS,
);

test(
  'so are Releases that each bring a chart of a megabyte',
  async () => {
    const names = Array.from({ length: SIZE.inline }, (_, index) => `inline${index}`);
    for (const name of names) {
      const parts = { name, files: { text: denseText(500_000) }, templates: { 'note.yaml': NOTE } };
      const inline = Buffer.from(buildChart(parts)).toString('base64');
      await tenant.kubectl.apply({
        ...RELEASE,
        metadata: { name },
        spec: { chart: { inline } },
      });
    }
    for (const name of names) await tenant.release(name).ready(PATIENCE);
    await comesBack('inline1-7');
  },
  TEST_TIMEOUT_MS,
);

test(
  'large objects that merely carry our labels do no harm, nor does a restart in the middle of it all',
  async () => {
    for (let from = 0; from < SIZE.foreign; from += BATCH)
      await createForeign(from, Math.min(from + BATCH, SIZE.foreign));
    coxswain.controller.kill('SIGKILL');
    await coxswain.restart({ env: HEAP });
    for (const name of ['big0', 'ten0', 'dense0', 'inline0']) await comesBack(`${name}-7`);
    await serves('after');
  },
  TEST_TIMEOUT_MS,
);

test(
  'a chart that looks up all of it is refused, and nobody else notices',
  async () => {
    const template = `apiVersion: v1
kind: ConfigMap
metadata: {name: count}
data: {n: {{ (lookup "v1" "ConfigMap" .Release.Namespace "").items | len | quote }}}
`;
    const chart = await coxswain.push({ name: 'all', templates: { 'count.yaml': template } });
    await tenant.apply('all', chart);
    const { message } = await tenant.release('all').failed('LimitExceeded', PATIENCE);
    expect(message).toContain('the lookups of one rendering may read 16 MiB, which all ConfigMap objects would exceed');
    await serves('beside');
  },
  TEST_TIMEOUT_MS,
);

const BATCH = 40;

/** ConfigMaps that nobody ordered, with the labels of a Release. */
async function createForeign(from: number, to: number): Promise<void> {
  const labels = { 'coxswain.dev/release': 'big0', 'coxswain.dev/release-namespace': tenant.namespace };
  const items = Array.from({ length: to - from }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `foreign-${from + index}`, labels },
    data: { a: 'x'.repeat(950_000) },
  }));
  const file = await coxswain.file('foreign.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await tenant.kubectl('create', `--filename=${file}`);
}

const RELEASE = { apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release' };
const NOTE = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-7}
data: {a: b}
`;

/** A text that does not compress. */
function denseText(bytes: number): string {
  return randomBytes(bytes).toString('base64');
}

/** A chart of a few hundred bytes that makes ConfigMaps of a megabyte each. */
function repetitiveChart(name: string, objects: number): ChartParts {
  const template = `{{ $x := repeat 1000000 "x" }}{{ range $i := until ${objects} }}
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ $.Release.Name }}-{{ $i }}}
data: {a: {{ $x }}}
---
{{ end }}`;
  return { name, templates: { 'all.yaml': template } };
}

async function installed(count: number, name: string, chart: StoredChart): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `${name}${index}`);
  for (const each of names) await tenant.apply(each, chart);
  for (const each of names) await tenant.release(each).ready(PATIENCE);
}

/** Deletes a child and waits until it is there again. */
async function comesBack(child: string): Promise<void> {
  await tenant.kubectl('delete', 'configmap', child);
  await eventually(
    () => tenant.configMap(child),
    (data) => data !== undefined,
    PATIENCE,
  );
}

async function serves(name: string): Promise<void> {
  const chart: StoredChart = await coxswain.push(webChart());
  await neighbour.apply(name, chart);
  await neighbour.release(name).ready(PATIENCE);
  expect(coxswain.controller.pid).toBeGreaterThan(0);
}
