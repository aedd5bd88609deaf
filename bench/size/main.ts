// Releases that are large, by their number of objects or by their bytes; see README.md.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { untilQuiet } from '../../test/support/cluster/audit.ts';
import type { ChartParts } from '../../test/support/charts/chart-builder.ts';
import type { StoredChart } from '../../test/support/charts/registry.ts';
import type { RunningController } from '../../test/support/cluster/controller.ts';
import { pushParts, releaseOf, startInstallation, viewRelease } from '../../test/support/cluster/installation.ts';
import type { ReleaseView } from '../../test/support/cluster/installation.ts';
import { createTenant } from '../../test/support/cluster/tenant.ts';
import { judge, print, reportMissed } from '../goals.ts';
import { usageOf } from '../process-usage.ts';

const CHILDREN = 5_000;
const REPLACED = 1_000;
const LARGE = { releases: 20, files: 10, objectsPerFile: 30, bytes: 33_000 };
/** What the API server takes at a time is 3 MiB, and what etcd takes 1.5 MiB. */
const GOALS = { statusKib: 1_024, controllerMib: 400 };
const NOTE = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
`;
const PATIENCE = { timeoutMs: 1_800_000, intervalMs: 1_000 };
/** How often the renderers are looked at. */
const SAMPLE_MS = 1_000;

const only = process.argv[2] ?? '';
const coxswain = await startInstallation({ inPod: true });
const { kubectl, controlPlane } = coxswain;
try {
  if ('children'.includes(only)) await manyChildren();
  if ('large'.includes(only)) await largeManifests();
} finally {
  await coxswain.stop();
}
reportMissed();

/** One Release of thousands of objects, whose names are as long as that of a Service may be; then some of them are replaced. */
async function manyChildren(): Promise<void> {
  const chart = await pushParts(coxswain, {
    name: 'children',
    templates: {
      'all.yaml': `{{ range $i := until ${CHILDREN} }}
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ printf "%s-%s-%06d" $.Release.Name (lt $i ${REPLACED} | ternary $.Values.name "${'x'.repeat(47)}") $i }}}
data: {a: b}
---
{{ end }}`,
    },
  });
  const namespace = await createTenant(kubectl, 'size');
  const values = { name: 'x'.repeat(47) };
  await kubectl.apply(releaseOf(namespace, 'children', chart, { values }));
  const view = viewRelease(kubectl, namespace, 'children');
  await measured(`${CHILDREN} children are installed`, [view], 1);
  await told(view);
  await view.patch({ values: { name: 'y'.repeat(47) } });
  await measured(`${REPLACED} of them are replaced`, [view], 2);
  await told(view);
}

/** How much the status takes, in which each child is once. */
async function told(view: ReleaseView): Promise<void> {
  const { status } = await view.get();
  const rows = status?.resources ?? [];
  const kib = Buffer.byteLength(JSON.stringify(status)) / 1_024;
  const names = new Set(rows.map(({ kind, name }) => `${kind}/${name}`));
  print(`  the status has ${rows.length} rows and takes ${kib.toFixed(0)} KiB`);
  judge(`${names.size} children in ${rows.length} rows, goal ${CHILDREN} in as many`, rows.length === CHILDREN);
  judge(`a status of ${kib.toFixed(0)} KiB, goal ${GOALS.statusKib}`, kib <= GOALS.statusKib);
}

/**
 * Many Releases whose manifests are large and hardly compress: installed, while a small one of another tenant is too, upgraded in one field
 * of each object, rolled back, found again by a controller that was restarted, and deleted.
 */
async function largeManifests(): Promise<void> {
  const names = Array.from({ length: LARGE.releases }, (_, index) => `large${index}`);
  const namespaces = new Map<string, string>();
  for (const name of names) namespaces.set(name, await createTenant(kubectl, 'size'));
  const chart = await pushParts(coxswain, largeChart());
  const small = await pushParts(coxswain, { name: 'small', templates: { 'note.yaml': NOTE } });
  const views = names.map((name) => viewRelease(kubectl, namespaces.get(name) ?? '', name));
  for (const [name, namespace] of namespaces)
    await kubectl.apply(releaseOf(namespace, name, chart, { values: { note: 'one' } }));
  const objects = LARGE.files * LARGE.objectsPerFile;
  const mb = (objects * LARGE.bytes) / 1e6;
  const bystander = besides(small);
  await measured(`${LARGE.releases} Releases of ${objects} objects and ${mb.toFixed(0)} MB are installed`, views, 1);
  await bystander;
  for (const view of views) await view.patch({ values: { note: 'two' } });
  await measured('they are upgraded', views, 2);
  for (const view of views) await view.patch({ version: 1 });
  await measured('they are rolled back', views, 1);
  await measuring('after a restart all are looked at', async () => {
    await coxswain.restart({ inPod: true });
    await untilQuiet(controlPlane);
  });
  await measuring('they are deleted', async () => {
    await Promise.all(views.map((view) => view.delete('--timeout=1800s')));
  });
}

/** Prints how long a small Release of another tenant takes meanwhile. */
async function besides(chart: StoredChart): Promise<void> {
  const namespace = await createTenant(kubectl, 'small');
  const begun = performance.now();
  await kubectl.apply(releaseOf(namespace, 'small', chart));
  await viewRelease(kubectl, namespace, 'small').inForce(1, PATIENCE);
  print(`  a small one of another tenant in ${((performance.now() - begun) / 1_000).toFixed(1)} s meanwhile`);
}

function largeChart(): ChartParts {
  const { files, objectsPerFile, bytes } = LARGE;
  const texts = Array.from({ length: files }, (_, index) => [`text-${index}`, denseText(objectsPerFile * bytes)]);
  const template = `{{ range $file := until ${files} }}{{ $text := $.Files.Get (printf "text-%d" $file) }}
{{- range $i := until ${objectsPerFile} }}
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ $.Release.Name }}-{{ $file }}-{{ $i }}}
data:
  note: {{ $.Values.note }}
  text: {{ substr (int (mul $i ${bytes})) (int (mul (add $i 1) ${bytes})) $text }}
---
{{ end }}{{ end }}`;
  return {
    name: 'large',
    files: Object.fromEntries(texts) as Record<string, string>,
    templates: { 'all.yaml': template },
  };
}

/** A text that hardly compresses. */
function denseText(length: number): string {
  return randomBytes(Math.ceil((length * 3) / 4))
    .toString('base64')
    .slice(0, length);
}

async function inForce(views: readonly ReleaseView[], version: number): Promise<void> {
  for (const view of views) await view.inForce(version, PATIENCE);
}

/** Throws once the controller is gone. */
async function ended({ exited }: RunningController): Promise<void> {
  throw new Error(`the controller ended with exit code ${await exited}`);
}

/** Waits until a version of all these Releases is in force, and prints how long that took and what the controller took for it. */
async function measured(what: string, views: readonly ReleaseView[], version: number): Promise<void> {
  await measuring(what, async () => Promise.race([inForce(views, version), ended(coxswain.controller)]));
}

/** Does something, and prints how long it took and what the controller and its renderers took for it. */
async function measuring(what: string, work: () => Promise<unknown>): Promise<void> {
  await forgetPeak(coxswain.controller.pid);
  const { pid } = coxswain.controller;
  const before = await usageOf(pid);
  let renderersMib = 0;
  const watching = setInterval(() => {
    void usageOf(coxswain.controller.pid).then(
      ({ childrenMib }) => (renderersMib = Math.max(renderersMib, childrenMib)),
    );
  }, SAMPLE_MS);
  const begun = performance.now();
  await work().finally(() => clearInterval(watching));
  const seconds = (performance.now() - begun) / 1_000;
  await untilQuiet(controlPlane);
  const { ownMib, ownPeakMib, ownCpuSeconds } = await usageOf(coxswain.controller.pid);
  const cpu = coxswain.controller.pid === pid ? ownCpuSeconds - before.ownCpuSeconds : ownCpuSeconds;
  const memory = `${ownMib.toFixed(0)} MiB (peak ${ownPeakMib.toFixed(0)})`;
  print(
    `${what} in ${seconds.toFixed(0)} s; controller: CPU ${cpu.toFixed(1)} s, ${memory}; its renderers: at most ${renderersMib.toFixed(0)} MiB`,
  );
  judge(
    `${what}: controller ${ownPeakMib.toFixed(0)} MiB, goal ${GOALS.controllerMib}`,
    ownPeakMib <= GOALS.controllerMib,
  );
}

/** Has Linux measure the peak anew from here on. */
async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}
