import { readFile } from 'node:fs/promises';
import type { Condition, Release, ReleaseHistory } from '../../../crds/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { startControlPlane, type ControlPlane, type StartOptions } from '../../control-plane/index.ts';
import { buildChart, type ChartParts } from '../charts/chart-builder.ts';
import { installCoxswain, startController, type ControllerSettings, type RunningController } from './controller.ts';
import { eventually, type Patience } from '../eventually.ts';
import { kubectlFor, type Kubectl } from './kubectl.ts';
import { storeChart, type StoredChart } from '../charts/registry.ts';

/** A control plane with Coxswain at work on it. */
export type Installation = {
  readonly controlPlane: ControlPlane;
  readonly kubectl: Kubectl;
  /** The controller that was started last. */
  readonly controller: RunningController;
  /** Ends the controller, where it runs, and starts another one. */
  restart(settings?: ControllerSettings): Promise<RunningController>;
  stop(): Promise<void>;
};

/** Starts a control plane, installs Coxswain and starts the controller; a cold build of the binaries is not awaited here. */
export async function startInstallation(
  settings: ControllerSettings = {},
  options: StartOptions = {},
): Promise<Installation> {
  const controlPlane = await startControlPlane(options);
  try {
    await installCoxswain(controlPlane, settings.root);
    let controller = await startController({ controlPlane, ...settings });
    return {
      controlPlane,
      kubectl: kubectlFor(controlPlane),
      get controller() {
        return controller;
      },
      restart: async (changed) => {
        await controller.stop();
        controller = await startController({ controlPlane, ...changed });
        return controller;
      },
      stop: async () => {
        await controller.stop();
        await controlPlane.stop();
      },
    };
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
}

/** Builds a chart from its parts and pushes it. */
export async function pushParts(
  installation: Pick<Installation, 'controlPlane'>,
  parts: ChartParts,
): Promise<StoredChart> {
  return storeChart(installation.controlPlane, buildChart(parts));
}

/** A Release to apply: the chart by registry, name and version, and whatever else its spec is to say. */
export function releaseOf(
  namespace: string,
  name: string,
  chart: Pick<StoredChart, 'registry' | 'name'> & { version?: string },
  spec: Record<string, unknown> = {},
): object {
  const { registry, name: chartName, version } = chart;
  return {
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'Release',
    metadata: { name, namespace },
    spec: { chart: { registry, name: chartName, ...(version === undefined ? {} : { version }) }, ...spec },
  };
}

/** One Release, as the tests look at it. */
export type ReleaseView = {
  get(): Promise<Release>;
  /** Waits until Ready is True for the present generation. */
  ready(patience?: Patience): Promise<Release>;
  /** Waits until this version is in force, in spec and status, and Ready, for the present generation. */
  inForce(version: number, patience?: Patience): Promise<Release>;
  /** Waits until a condition of the present generation holds. */
  until(holds: (release: Release) => boolean, patience?: Patience): Promise<Release>;
  /** Waits until Ready is False for this reason and returns the condition. */
  failed(reason: string, patience?: Patience): Promise<Condition>;
  /** Merges into the spec, as `kubectl patch --type=merge` does. */
  patch(spec: Record<string, unknown>): Promise<void>;
  /** Deletes it, with `--cascade` and the like, and waits until it is gone. */
  delete(...flags: readonly string[]): Promise<void>;
  histories(): Promise<ReleaseHistory[]>;
};

/** Looks at a Release through kubectl. */
export function viewRelease(kubectl: Kubectl, namespace: string, name: string): ReleaseView {
  const target = ['--namespace', namespace];
  const served = `/apis/coxswain.dev/v1alpha1/namespaces/${namespace}`;
  const get = async (): Promise<Release> => {
    const found = await kubectl.read<Release>(`${served}/releases/${name}`);
    if (!found) throw new Error(`there is no Release ${namespace}/${name}`);
    return found;
  };
  const until: ReleaseView['until'] = async (holds, patience) => {
    const isCurrent = (release: Release): boolean => release.status?.observedGeneration === release.metadata.generation;
    return eventually(get, (release) => isCurrent(release) && holds(release), patience);
  };
  return {
    get,
    until,
    ready: async (patience) => until(isReady, patience),
    inForce: async (version, patience) => until((release) => isInForce(release, version) && isReady(release), patience),
    failed: async (reason, patience) => {
      const failed = await until((release) => conditionOf(release, 'Ready')?.reason === reason, patience);
      const condition = conditionOf(failed, 'Ready');
      if (!condition) throw new Error('no Ready condition');
      return condition;
    },
    patch: async (spec) => {
      await kubectl('patch', 'release', name, ...target, '--type=merge', `--patch=${JSON.stringify({ spec })}`);
    },
    delete: async (...flags) => {
      await kubectl('delete', 'release', name, ...target, '--timeout=120s', ...flags);
    },
    histories: async () => {
      const selector = encodeURIComponent(`coxswain.dev/release=${name}`);
      const path = `${served}/releasehistories?labelSelector=${selector}`;
      const { items = [] } = (await kubectl.read<{ items: ReleaseHistory[] }>(path)) ?? {};
      return items.toSorted((a, b) => a.spec.version - b.spec.version);
    },
  };
}

function isInForce({ spec, status }: Release, version: number): boolean {
  return spec.version === version && status?.version === version;
}

function isReady(release: Release): boolean {
  return conditionOf(release, 'Ready')?.status === 'True';
}

/** A condition of a Release. */
export function conditionOf(release: Release, type: Condition['type']): Condition | undefined {
  return release.status?.conditions?.find((condition) => condition.type === type);
}

/** One request as the audit log has it. */
export type AuditedRequest = {
  readonly verb: string;
  readonly user: { username: string };
  readonly impersonatedUser?: { username: string };
  readonly userAgent?: string;
  readonly requestURI: string;
  readonly objectRef?: {
    resource?: string;
    namespace?: string;
    name?: string;
    subresource?: string;
    apiGroup?: string;
  };
  readonly responseStatus?: { code?: number };
};

/** All requests that the API server has finished so far. */
export async function auditedRequests({ auditLog }: Pick<ControlPlane, 'auditLog'>): Promise<AuditedRequest[]> {
  // The last line may not be complete yet.
  const lines = (await readFile(auditLog, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as AuditedRequest);
}

/** The data of a ConfigMap, or undefined where it does not exist. */
export async function configMapData(
  kubectl: Kubectl,
  namespace: string,
  name: string,
): Promise<Record<string, string> | undefined> {
  const found = await kubectl.read<KubeObject>(`/api/v1/namespaces/${namespace}/configmaps/${name}`);
  return found?.['data'] as Record<string, string> | undefined;
}
