import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ControlPlane } from '../../control-plane/index.ts';
import { eventually } from '../eventually.ts';
import { established, kubectlFor } from './kubectl.ts';
import { asInPod, type Cluster } from './pod.ts';
import { shippedController } from './shipped.ts';
import { tethered, type Tethered } from '../processes/tethered.ts';

/** What a controller process gets besides the defaults; later flags win. */
export type ControllerSettings = {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** Whether it finds its service account as in its pod, and not by a kubeconfig, whose reader takes 60 MB of memory. */
  readonly inPod?: boolean;
  /** Where its files are, if not in this checkout: definitions, rights, flags and sources. */
  readonly root?: string;
};

/** A controller that runs outside the cluster, but as it is shipped: rights, heap, flags and the contest for the lease. */
export type RunningController = Tethered & {
  /** Its JSON lines; controllers started one after the other on a control plane share it. */
  readonly logFile: string;
};

/** The account of deploy/access.yaml. */
const ACCOUNT = { namespace: 'coxswain-system', name: 'coxswain' };
const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
const SOURCE = join('controller', 'main.ts');
/** As in the image, where it was bundled before: test/support/bundled.ts does so. */
const PROGRAM = process.env['COXSWAIN_CONTROLLER'] ?? SOURCE;
/** Up to 15 s of it may pass until the lease of a killed controller runs out. */
const START_TIMEOUT_MS = 180_000;

/** Applies the resource definitions, the controller's account and every role, and waits until the definitions are served. */
export async function installCoxswain(controlPlane: ControlPlane, root: string = REPOSITORY): Promise<void> {
  const kubectl = kubectlFor(controlPlane);
  const files = ['crds', 'deploy/access.yaml', 'deploy/people.yaml'].map((path) => join(root, path));
  await kubectl('apply', '--server-side', ...files.map((file) => `--filename=${file}`));
  const kinds = ['releases', 'releasehistories', 'releasepreviews'];
  await established(kubectl, ...kinds.map((kind) => `${kind}.coxswain.dev`));
}

/**
 * Starts the controller and resolves when it is ready; call `installCoxswain` before. It ends with this process, however that
 * ends. Throws with the last lines of its log where it ends before.
 */
export async function startController(
  options: ControllerSettings & { readonly controlPlane: ControlPlane },
): Promise<RunningController> {
  const { controlPlane, env = {}, flags = [], inPod = false, root = REPOSITORY } = options;
  const logFile = join(controlPlane.directory, 'logs', 'coxswain.log');
  const logged = (await readLog(logFile)).length;
  const program = [process.execPath, join(root, root === REPOSITORY ? PROGRAM : SOURCE)];
  const cache = ['--cache-dir', join(controlPlane.directory, 'charts')];
  const registry = ['--allow-registry-address=127.0.0.1/32', '--allow-plain-http', controlPlane.registry];
  const shipped = shippedController(root);
  const args = [...shipped.args, ...cache, ...registry, ...flags];
  const started = inPod
    ? await withServiceAccount(controlPlane, [...program, ...args])
    : { command: [...program, '--kubeconfig', await writeAccountKubeconfig(controlPlane), ...args], env: {} };
  const running = await tethered(logFile, started.command, { ...started.env, ...shipped.env, ...env });
  let exitCode: number | undefined;
  void running.exited.then((code) => (exitCode = code));
  const log = await eventually(
    async () => (await readLog(logFile)).slice(logged),
    (text) => exitCode !== undefined || text.split('\n').some(isReady),
    { timeoutMs: START_TIMEOUT_MS },
  );
  if (exitCode !== undefined) {
    const lastLines = log.trim().split('\n').slice(-20).join('\n');
    throw new Error(`the controller ended with exit code ${exitCode}:\n${lastLines}`);
  }
  return { ...running, logFile };
}

/** Gives up the lease of a killed controller, which can no longer do so itself: the next one need not wait for the lease to run out. */
export async function giveUpLease(controlPlane: ControlPlane): Promise<void> {
  const { namespace } = ACCOUNT;
  await kubectlFor(controlPlane)('delete', 'lease', 'coxswain-controller', '--namespace', namespace);
}

function isReady(line: string): boolean {
  return line.includes('"message":"ready"');
}

async function readLog(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** Writes, once per control plane, the kubeconfig of the controller's service account and returns its path. */
type Kubeconfig = {
  clusters: { cluster: Cluster }[];
  contexts: { name: string; context: { cluster: string } }[];
};

async function withServiceAccount(controlPlane: ControlPlane, command: readonly string[]) {
  const [first] = (await readKubeconfig(controlPlane)).clusters;
  if (!first) throw new Error(`${controlPlane.kubeconfig} has no cluster`);
  const account = { cluster: first.cluster, namespace: ACCOUNT.namespace, token: await tokenOfAccount(controlPlane) };
  return asInPod(command, join(controlPlane.directory, 'serviceaccount'), account);
}

async function writeAccountKubeconfig(controlPlane: ControlPlane): Promise<string> {
  const path = join(controlPlane.directory, 'coxswain.kubeconfig');
  const { namespace, name } = ACCOUNT;
  const config = await readKubeconfig(controlPlane);
  const contexts = config.contexts.map((context) => ({
    ...context,
    context: { cluster: context.context.cluster, user: name, namespace },
  }));
  const users = [{ name, user: { token: await tokenOfAccount(controlPlane) } }];
  await writeFile(path, JSON.stringify({ ...config, contexts, users }, null, 2), { mode: 0o600 });
  return path;
}

async function readKubeconfig({ kubeconfig }: ControlPlane): Promise<Kubeconfig> {
  return JSON.parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
}

async function tokenOfAccount(controlPlane: ControlPlane): Promise<string> {
  const { namespace, name } = ACCOUNT;
  const kubectl = kubectlFor(controlPlane);
  return (await kubectl('create', 'token', name, '--namespace', namespace, '--duration=24h')).trim();
}
