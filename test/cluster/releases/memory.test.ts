import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startController, type RunningController } from '../../support/controller.ts';
import { eventually } from '../../support/eventually.ts';
import {
  configMapData,
  pushParts,
  releaseOf,
  startInstallation,
  viewRelease,
  type Installation,
} from '../../support/installation.ts';
import type { StoredChart } from '../../support/registry.ts';
import { createTenant } from '../../support/tenant.ts';
import { webChart } from '../../support/web-chart.ts';

// The heap is that of deploy/controller.yaml: 384 MiB. Here 210 MB of children that compress well and 40 MB that do not, and as much that
// nobody ordered.
const BIG = ['big0', 'big1', 'big2', 'big3', 'big4', 'big5', 'big6'];
const FOREIGN = 100;
/** Hundreds of megabytes through one API server: minutes where others are at work too. */
const PATIENCE = { timeoutMs: 500_000 };
const TEST_TIMEOUT_MS = 600_000;

let coxswain: Installation;
let controller: RunningController;
let namespace: string;
let neighbour: string;

beforeAll(async () => {
  coxswain = await startInstallation();
  ({ controller } = coxswain);
  namespace = await createTenant(coxswain.kubectl, 'big');
  neighbour = await createTenant(coxswain.kubectl, 'small');
});

afterAll(async () => {
  await controller?.stop();
  await coxswain?.stop();
});

test(
  'charts of 30 MB are installed, a child of one comes back, and a neighbour is served',
  async () => {
    const chart = await pushParts(coxswain, {
      name: 'big',
      templates: {
        'all.yaml': `{{ $x := repeat 1000000 "x" }}{{ range $i := until 30 }}
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ $.Release.Name }}-{{ $i }}}
data: {a: {{ $x }}}
---
{{ end }}`,
      },
    });
    for (const name of BIG) await coxswain.kubectl.apply(releaseOf(namespace, name, chart));
    for (const name of BIG) await viewRelease(coxswain.kubectl, namespace, name).ready(PATIENCE);
    await comesBack('big3-7');
    await serves('before');
  },
  TEST_TIMEOUT_MS,
);

test(
  'so are charts whose 10 MB do not compress',
  async () => {
    const text = (bytes: number): string => randomBytes(bytes).toString('base64');
    const files = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`text-${index}`, text(700_000)]));
    const chart = await pushParts(coxswain, {
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
    const names = ['dense0', 'dense1', 'dense2', 'dense3'];
    for (const name of names) await coxswain.kubectl.apply(releaseOf(namespace, name, chart));
    for (const name of names) await viewRelease(coxswain.kubectl, namespace, name).ready(PATIENCE);
    await comesBack('dense2-7');
  },
  TEST_TIMEOUT_MS,
);

test(
  'large objects that merely bear our labels do no harm, nor does a restart among all that',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'coxswain-foreign-'));
    const labels = { 'coxswain.dev/release': 'big0', 'coxswain.dev/release-namespace': namespace };
    const items = Array.from({ length: FOREIGN }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `foreign-${index}`, namespace, labels },
      data: { a: 'x'.repeat(950_000) },
    }));
    await writeFile(join(directory, 'foreign.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await coxswain.kubectl('create', `--filename=${join(directory, 'foreign.json')}`);
    await rm(directory, { recursive: true });
    controller.kill('SIGKILL');
    await controller.exited;
    controller = await startController({ controlPlane: coxswain.controlPlane });
    await comesBack('big0-7');
    await comesBack('dense0-7');
    await serves('after');
  },
  TEST_TIMEOUT_MS,
);

/** Deletes a child and waits until it is there again. */
async function comesBack(child: string): Promise<void> {
  await coxswain.kubectl('delete', 'configmap', child, '--namespace', namespace);
  await eventually(
    () => configMapData(coxswain.kubectl, namespace, child),
    (data) => data !== undefined,
    PATIENCE,
  );
}

async function serves(name: string): Promise<void> {
  const chart: StoredChart = await pushParts(coxswain, webChart());
  await coxswain.kubectl.apply(releaseOf(neighbour, name, chart));
  await viewRelease(coxswain.kubectl, neighbour, name).ready(PATIENCE);
  expect(controller.pid).toBeGreaterThan(0);
}
