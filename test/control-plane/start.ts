import { mkdtemp, readFile, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ApiAccess } from './api.ts';
import { ensureBinaries, ensureStages } from './binaries/binaries.ts';
import { createNodes } from './cluster-objects.ts';
import { COMPONENT_NAMES, componentSpec, logFile } from './processes/components.ts';
import type { ComponentName } from './processes/components.ts';
import { ControlPlaneError } from './errors.ts';
import { RUN_DIRECTORY_PREFIX, removeLeftovers } from './processes/leftovers.ts';
import { findFreePorts } from './processes/ports.ts';
import * as readiness from './readiness.ts';
import { until } from './readiness.ts';
import { LOOPBACK, createTokens, writeConfiguration, writeKubeconfig } from './processes/run-directory.ts';
import type { Place, Tokens } from './processes/run-directory.ts';
import { superviseIn } from './processes/supervision.ts';
import type { Supervision } from './processes/supervision.ts';

/** What a caller can choose. */
export type StartOptions = {
  /** How many nodes kwok plays: 3. */
  readonly nodes?: number;
  /** How long a start may take: 180 000 ms, since a start on a busy machine is no fault. */
  readonly timeoutMs?: number;
  /** The address of this machine, or namespace, at which real nodes and pods reach it: the loopback address, where there are none. */
  readonly address?: string;
  /** Whose tokens the API server takes besides its own and those of its file: an AuthenticationConfiguration. */
  readonly authentication?: object;
};

/** A running cluster with a chart registry beside it. */
export type ControlPlane = {
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** URL of the API server. */
  readonly server: string;
  /** Path of the audit log: one JSON event a line, one for each finished request. */
  readonly auditLog: string;
  /** `127.0.0.1:PORT` of the OCI registry, which speaks plain HTTP; it listens on the other address too. */
  readonly registry: string;
  /** Paths of the programs, `kubectl` among them. */
  readonly binaries: Readonly<Record<ComponentName | 'kubectl', string>>;
  /** Process ids by component; `supervisor` ends the others. */
  readonly pids: ReadonlyMap<string, number>;
  /** The run directory, removed at the end; each component's output is in `logs/`. */
  readonly directory: string;
  /** Ends every process and removes the directory. May be called again. */
  stop(): Promise<void>;
};

type Run = {
  readonly directory: string;
  readonly place: Place;
  readonly tokens: Tokens;
  readonly binaries: ControlPlane['binaries'];
  readonly supervision: Supervision;
};

const START_ATTEMPTS = 3;

/** Where kwok's volumes are, in its stages; pods of a real node write to them. */
const KWOK_VOLUMES = '/tmp/kwok-local-path-provisioner';

/**
 * Starts a control plane on free ports, building its programs first if need be, and resolves when its nodes are Ready, the
 * registry answers and the default service account exists. It ends with this process, however that ends. Throws
 * `ControlPlaneError` with the last lines of the component that failed.
 */
export async function startControlPlane(options: StartOptions = {}): Promise<ControlPlane> {
  const binaries = await ensureBinaries([...COMPONENT_NAMES, 'kubectl']);
  const stages = [await ensureStages(), await readFile(join(import.meta.dirname, OWN_STAGE), 'utf8')].join('\n---\n');
  await removeLeftovers();
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(binaries, stages, options);
    } catch (error) {
      // Another process may take a free port before our component does.
      if (!(error instanceof ControlPlaneError && error.code === 'PortTaken') || attempt === START_ATTEMPTS)
        throw error;
    }
  }
}

const OWN_STAGE = join('stages', 'pod-image-pull-back-off.yaml');

async function startOnce(binaries: Run['binaries'], stages: string, options: StartOptions): Promise<ControlPlane> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), RUN_DIRECTORY_PREFIX)));
  const [apiserver = 0, etcd = 0, etcdPeer = 0, registry = 0] = await findFreePorts(4);
  const started = new AbortController();
  let isUp = false;
  const supervision = superviseIn(directory, (name, how) => {
    const message = `${name} ended (${how})`;
    started.abort(new ControlPlaneError('StartFailed', message));
    if (isUp) process.stderr.write(`control plane: ${message}; see ${directory}/logs\n`);
  });
  const run: Run = {
    directory,
    place: {
      ports: { apiserver, etcd, etcdPeer, registry },
      address: options.address ?? LOOPBACK,
      ...(options.authentication === undefined ? {} : { authentication: options.authentication }),
    },
    tokens: createTokens(),
    binaries,
    supervision,
  };
  const timeoutMs = options.timeoutMs ?? 180_000;
  try {
    const signal = AbortSignal.any([started.signal, AbortSignal.timeout(timeoutMs)]);
    const controlPlane = await bringUp(run, stages, options.nodes ?? 3, signal);
    isUp = true;
    return controlPlane;
  } catch (error) {
    const failure = await startFailure(directory, error);
    await supervision.stop();
    throw failure;
  }
}

async function bringUp(run: Run, stages: string, nodes: number, signal: AbortSignal): Promise<ControlPlane> {
  const { directory, place, tokens, supervision } = run;
  const { ports, address } = place;
  await writeConfiguration(directory, tokens, place, stages.replaceAll(KWOK_VOLUMES, join(directory, 'volumes')));
  startComponents(run, ['etcd', 'kube-apiserver', 'registry']);
  const ca = await until(signal, "the API server's certificates", () => readiness.readServerCertificates(directory));
  const server = `https://${address}:${ports.apiserver}`;
  const api: ApiAccess = { server, ca, token: tokens.admin };
  const kubeconfig = await writeKubeconfig(directory, 'admin', api);
  for (const user of ['kube-controller-manager', 'kube-scheduler', 'kwok'] as const) {
    await writeKubeconfig(directory, user, { ...api, token: tokens[user] });
  }
  await until(signal, 'the API server', () => readiness.isServing(api));
  startComponents(run, ['kube-controller-manager', 'kube-scheduler', 'kwok']);
  await createNodes(api, nodes);
  const registry = `127.0.0.1:${ports.registry}`;
  await until(signal, 'the registry', () => readiness.isRegistryServing(registry));
  await until(signal, 'the default service account', () => readiness.hasDefaultServiceAccount(api));
  await until(signal, 'Ready nodes', () => readiness.hasReadyNodes(api, nodes));
  return {
    kubeconfig,
    server,
    registry,
    directory,
    auditLog: join(directory, 'audit.log'),
    binaries: run.binaries,
    pids: supervision.pids,
    stop: async () => supervision.stop(),
  };
}

function startComponents(run: Run, names: readonly ComponentName[]): void {
  for (const name of names) {
    run.supervision.start(componentSpec(name, run.binaries[name], run.directory, run.place));
  }
}

/** Adds the last lines of the failed component's log, or of each when no one of them failed. */
async function startFailure(directory: string, cause: unknown): Promise<ControlPlaneError> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const failed = COMPONENT_NAMES.filter((name) => reason.startsWith(`${name} `));
  const tails = await Promise.all(
    (failed.length > 0 ? failed : COMPONENT_NAMES).map(async (name) => {
      const log = await readFile(logFile(directory, name), 'utf8').catch(() => '');
      const lines = log
        .trim()
        .split('\n')
        .slice(failed.length > 0 ? -20 : -5);
      return `last lines of ${name}:\n  ${lines.join('\n  ')}`;
    }),
  );
  const text = tails.join('\n');
  const code = text.includes('address already in use') ? 'PortTaken' : 'StartFailed';
  return new ControlPlaneError(code, `the control plane did not start: ${reason}\n${text}`, { cause });
}
