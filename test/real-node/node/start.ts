import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { callApi } from '../../control-plane/api.ts';
import type { ApiAccess } from '../../control-plane/api.ts';
import type { BinaryName } from '../../control-plane/binaries/tools.ts';
import { startControlPlane, type ControlPlane } from '../../control-plane/index.ts';
import { superviseIn, type Supervision } from '../../control-plane/processes/supervision.ts';
import { until } from '../../control-plane/readiness.ts';
import type { LocalImage } from '../images.ts';
import { runBounded } from '../machine/bounded.ts';
import { inRuntimeGroup, makeGroups } from '../machine/groups.ts';
import type { SystemPrograms } from '../machine/system-programs.ts';
import { NODE_ADDRESS, NODE_NAME, REGISTRY_ADDRESS } from './addresses.ts';
import { CONTAINERD_SOCKET, writeNodeConfiguration } from './configuration.ts';
import { makeSurroundings } from './surroundings.ts';

/** The folder of MariaDB's packages, or why they cannot be had. */
export type DatabasePackages = { readonly folder?: string; readonly lack?: string };

/** What a run consists of, as it is handed into the namespaces. */
export type Plan = {
  readonly directory: string;
  readonly group: string;
  readonly binaries: Readonly<Record<BinaryName, string>>;
  readonly programs: SystemPrograms;
  readonly database: DatabasePackages;
  readonly images: readonly LocalImage[];
  readonly command: readonly string[];
};

/** A cluster with one real node, for what runs in its namespaces. */
export type RealNode = {
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Path of the audit log. */
  readonly auditLog: string;
  /** `127.0.0.1:PORT` of the registry, plain HTTP: what is pushed as NAME is pulled by pods as `registry.test/NAME`. */
  readonly registry: string;
  /** `10.200.0.2:PORT`: the same, as pods and charts name it. */
  readonly nodeRegistry: string;
  /** Paths of all programs. */
  readonly binaries: Plan['binaries'];
  /** MariaDB, for the stories that need it. */
  readonly database: DatabasePackages;
  /** The run directory; the output of the node's programs is in `logs/`. */
  readonly directory: string;
};

const START_TIMEOUT_MS = 180_000;
const PUSH_TIMEOUT_MS = 120_000;

/** Starts the control plane and the node, to be called in the run's namespaces, and resolves when the node is Ready and has its images. */
export async function startRealNode(plan: Plan): Promise<RealNode> {
  const { directory, group, programs } = plan;
  await makeSurroundings(directory);
  await makeGroups(group);
  const controlPlane = await startControlPlane({ nodes: 0, address: NODE_ADDRESS, timeoutMs: START_TIMEOUT_MS });
  const { kubeconfig, registry } = controlPlane;
  await writeNodeConfiguration({ directory, group, kubeconfig, registry, programs });
  await Promise.all([startPrograms(plan, controlPlane), pushImages(plan, registry)]);
  return {
    kubeconfig,
    registry,
    directory,
    auditLog: controlPlane.auditLog,
    nodeRegistry: registry.replace('127.0.0.1', REGISTRY_ADDRESS),
    binaries: plan.binaries,
    database: plan.database,
  };
}

async function startPrograms(plan: Plan, { kubeconfig }: ControlPlane): Promise<void> {
  const { directory } = plan;
  await mkdir(join(directory, 'logs'));
  await mkdir(join(directory, 'supervised'));
  const failed = new AbortController();
  const supervision = superviseIn(join(directory, 'supervised'), (name, how) => {
    failed.abort(new Error(`${name} ended (${how})`));
    process.stderr.write(`real node: ${name} ended (${how}); see ${directory}/logs\n`);
  });
  const signal = AbortSignal.any([failed.signal, AbortSignal.timeout(START_TIMEOUT_MS)]);
  try {
    start(plan, supervision, 'containerd', ['--config', join(directory, 'containerd.toml')]);
    await until(signal, 'containerd', async () => existsSync(CONTAINERD_SOCKET) || undefined);
    const names = [`--hostname-override=${NODE_NAME}`, `--node-ip=${NODE_ADDRESS}`];
    const kubelet = ['--config', join(directory, 'kubelet.yaml'), '--kubeconfig', kubeconfig, '--v=2', ...names];
    start(plan, supervision, 'kubelet', kubelet);
    start(plan, supervision, 'kube-proxy', ['--config', join(directory, 'kube-proxy.yaml'), '--v=2']);
    start(plan, supervision, 'cluster-dns', ['-conf', join(directory, 'Corefile')]);
    const api = await apiOf(kubeconfig);
    await until(signal, 'the node', async () => isReady(api));
  } catch (error) {
    throw new Error(`the node did not start: ${String(error)}\n${await tails(directory)}`, { cause: error });
  }
}

function start(plan: Plan, supervision: Supervision, name: BinaryName, args: readonly string[]): void {
  const { directory, group, binaries } = plan;
  const [path, ...rest] = inRuntimeGroup(group, [binaries[name], ...args]);
  // containerd looks for its shim, and kube-proxy for nft, in PATH.
  const folders = [
    join(binaries.containerd, '..'),
    join(directory, 'bin'),
    process.env['PATH'] ?? '',
    '/usr/sbin',
    '/sbin',
  ];
  const env = { PATH: folders.join(':'), TMPDIR: directory };
  supervision.start({ name, path, args: rest, env, log: join(directory, 'logs', `${name}.log`) });
}

async function pushImages({ images, binaries }: Plan, registry: string): Promise<void> {
  for (const { name, layout } of images) {
    const args = ['push', '--insecure', layout, `${registry}/${name}`];
    const { code, stderr } = await runBounded(binaries.crane, args, PUSH_TIMEOUT_MS);
    if (code !== 0) throw new Error(`the image ${name} could not be pushed: ${stderr}`);
  }
}

type Kubeconfig = {
  clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
  users: [{ user: { token: string } }];
};

async function apiOf(kubeconfig: string): Promise<ApiAccess> {
  const config = JSON.parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
  const { server, 'certificate-authority-data': ca } = config.clusters[0].cluster;
  return { server, ca: Buffer.from(ca, 'base64').toString(), token: config.users[0].user.token };
}

async function isReady(api: ApiAccess): Promise<true | undefined> {
  const { status, body } = await callApi(api, 'GET', `/api/v1/nodes/${NODE_NAME}`);
  if (status !== 200) return undefined;
  const { conditions = [] } = (body as { status: { conditions?: { type: string; status: string }[] } }).status;
  return conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True') || undefined;
}

async function tails(directory: string): Promise<string> {
  const texts = ['containerd', 'kubelet', 'kube-proxy', 'cluster-dns'].map(async (name) => {
    const log = await readFile(join(directory, 'logs', `${name}.log`), 'utf8').catch(() => '');
    return `last lines of ${name}:\n  ${log.trim().split('\n').slice(-8).join('\n  ')}`;
  });
  return (await Promise.all(texts)).join('\n');
}
