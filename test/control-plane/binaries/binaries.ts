import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';

import { cacheDirectory, withLock } from './cache.ts';
import { buildPackages, listPackages, moduleFolder } from './go.ts';
import { withProgress } from './progress.ts';
import { readGoModule, toolOf } from './tools.ts';
import type { BinaryName, GoModule } from './tools.ts';

/** What the kwok module ships and a cluster uses: Ready nodes, Ready and completed pods, pods that fail by label, volumes. */
const STAGES = [
  'node/fast/node-initialize.yaml',
  'pod/fast/pod-ready.yaml',
  'pod/fast/pod-complete.yaml',
  'pod/fast/pod-delete.yaml',
  'pod/chaos/pod-container-running-failed.yaml',
  'volume/fast/pv-bind.yaml',
  'volume/fast/pv-delete.yaml',
  'volume/fast/pvc-provision.yaml',
  'volume/fast/pvc-delete.yaml',
];

/**
 * Returns the path of each named program: from `$KUBEBUILDER_ASSETS`, else from PATH (`helm`, `registry` and `crane` never), else from the
 * cache, built there first if need be. Throws `ControlPlaneError` when `go` is missing or a build fails.
 */
export async function ensureBinaries<Name extends BinaryName>(names: readonly Name[]): Promise<Record<Name, string>> {
  const paths: Partial<Record<BinaryName, string>> = {};
  const missing: BinaryName[] = [];
  for (const name of names) {
    const path = await findInstalled(name);
    if (path === undefined) missing.push(name);
    else paths[name] = path;
  }
  for (const moduleName of new Set(missing.map((name) => toolOf(name).module))) {
    const module = await readGoModule(moduleName);
    const wanted = missing.filter((name) => toolOf(name).module === moduleName);
    Object.assign(paths, await ensureBuilt(module, wanted));
  }
  return paths as Record<Name, string>;
}

/**
 * Returns the kwok stages that its module ships, as one YAML stream: `stages.yaml` of `$KUBEBUILDER_ASSETS`, else fetched by `go`
 * once, then read from the cache.
 */
export async function ensureStages(): Promise<string> {
  const assets = process.env['KUBEBUILDER_ASSETS'] ?? '';
  const installed = join(assets, 'stages.yaml');
  if (assets !== '' && (await isUsable(installed, constants.R_OK))) return readFile(installed, 'utf8');
  const module = await readGoModule('control-plane');
  const path = join(folderOf(module), 'stages.yaml');
  if (!(await isUsable(path, constants.R_OK))) {
    const source = join(await moduleFolder(module, 'sigs.k8s.io/kwok'), 'kustomize', 'stage');
    const stages = await Promise.all(STAGES.map((stage) => readFile(join(source, stage), 'utf8')));
    await mkdir(folderOf(module), { recursive: true });
    const staging = await mkdtemp(join(folderOf(module), 'stages-'));
    await writeFile(join(staging, 'stages.yaml'), stages.join('\n---\n'));
    await rename(join(staging, 'stages.yaml'), path);
    await rm(staging, { recursive: true, force: true });
  }
  return readFile(path, 'utf8');
}

async function findInstalled(name: BinaryName): Promise<string | undefined> {
  const path = toolOf(name).lookup === 'path' ? (process.env['PATH'] ?? '').split(delimiter) : [];
  for (const folder of [process.env['KUBEBUILDER_ASSETS'] ?? '', ...path]) {
    if (folder !== '' && (await isUsable(join(folder, name), constants.X_OK))) return join(folder, name);
  }
  return undefined;
}

async function ensureBuilt(module: GoModule, names: BinaryName[]): Promise<Partial<Record<BinaryName, string>>> {
  const folder = folderOf(module);
  const pathOf = (name: BinaryName): string => join(folder, name);
  const unbuilt = async (): Promise<BinaryName[]> => {
    const built = await Promise.all(names.map((name) => isUsable(pathOf(name), constants.X_OK)));
    return names.filter((_, index) => built[index] !== true);
  };
  if ((await unbuilt()).length > 0) {
    const tell = (pid: number): void => {
      process.stderr.write(`waiting for process ${pid}, which builds ${names.join(', ')}\n`);
    };
    await withLock(`${folder}.lock`, tell, async () => build(module, await unbuilt()));
  }
  return Object.fromEntries(names.map((name) => [name, pathOf(name)]));
}

async function build(module: GoModule, names: BinaryName[]): Promise<void> {
  if (names.length === 0) return;
  const folder = folderOf(module);
  const packages = names.map((name) => toolOf(name).package);
  await mkdir(folder, { recursive: true });
  const staging = await mkdtemp(join(folder, 'build-'));
  try {
    await withProgress(`building ${names.join(', ')}`, async (progress) => {
      const total = (await listPackages(module, packages, progress)).length;
      progress.say(`0 of up to ${total} packages compiled`);
      await buildPackages(module, packages, staging, { ...progress, total });
    });
    for (const name of names) await rename(join(staging, builtNameOf(name)), join(folder, name));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** `go build` names a program by its import path, less a major version: etcd's is `server`. */
function builtNameOf(name: BinaryName): string {
  return basename(toolOf(name).package.replace(/\/v\d+$/, ''));
}

function folderOf(module: GoModule): string {
  return join(cacheDirectory(), `${module.name}-${module.key}`);
}

async function isUsable(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
