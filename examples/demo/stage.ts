import { readFile } from 'node:fs/promises';
import { showPage, showPageOnce } from './page.ts';

import { startControlPlane, type ControlPlane } from '../../test/control-plane/index.ts';
import { installCoxswain, startController } from '../../test/support/cluster/controller.ts';
import { kubectlFor } from '../../test/support/cluster/kubectl.ts';
import { installOnNode } from '../../test/support/real-node/coxswain.ts';
import { realNode } from '../../test/support/real-node/node.ts';

/** Where the story is told: a cluster with a registry, and Coxswain at work on it. */
export type Stage = {
  readonly cluster: Pick<ControlPlane, 'kubeconfig' | 'binaries' | 'registry'>;
  /** `host:port` of the registry, as charts are referred to. */
  readonly registry: string;
  /** What the pods of the story run: the repository of an image, and the flags that set it. */
  readonly image: { readonly repository: string; readonly flags: string };
  /** Starts Coxswain, and says of it what there is to know. */
  install(): Promise<string>;
  /** What somebody types in another terminal: first, for a chart whose pods run here, and to see Coxswain's log. */
  readonly hints: { readonly first: string; readonly chart: string; readonly log: () => string };
  /** Serves the dashboard where a browser of this machine reaches it, and says where; `once`: ends it then, else when it is over. */
  showPage(how: 'once' | AbortSignal): Promise<void>;
  /** The last lines of Coxswain's log. */
  lastLines(): Promise<string>;
  /** Rejects when Coxswain ends by itself. */
  failed(): Promise<never>;
  stop(): Promise<void>;
};

/** A control plane of this process's own, with kwok in the kubelets' place, and the controller as a process beside it. */
export async function localStage(): Promise<Stage> {
  const controlPlane = await startControlPlane();
  let controller: Awaited<ReturnType<typeof startController>> | undefined;
  const logFile = (): string => controller?.logFile ?? '';
  return {
    cluster: controlPlane,
    registry: controlPlane.registry,
    image: { repository: 'nginx', flags: '' },
    install: async () => {
      await installCoxswain(controlPlane);
      controller = await startController({ controlPlane });
      return `The controller runs as process ${controller.pid}, with the rights of deploy/access.yaml. Its log: ${controller.logFile}`;
    },
    hints: {
      first: `export KUBECONFIG=${controlPlane.kubeconfig}`,
      chart: 'hello',
      log: () => `tail -f ${logFile()}`,
    },
    showPage: async (how) => (how === 'once' ? showPageOnce(controlPlane) : showPage(controlPlane, how)),
    lastLines: async () => (await readFile(logFile(), 'utf8')).trim().split('\n').slice(-20).join('\n'),
    failed: async () => {
      const code = await controller?.exited;
      throw new Error(`the controller ended with exit code ${code}; see ${logFile()}`);
    },
    stop: async () => {
      await controller?.stop();
      await controlPlane.stop();
    },
  };
}

/** The real node in whose namespaces this process runs, with Coxswain in its own image; whoever started the node ends it. */
export function realStage(): Stage {
  const node = realNode();
  const log = ['logs', '--namespace=coxswain-system', '--selector=app.kubernetes.io/name=coxswain'];
  return {
    cluster: node,
    registry: node.nodeRegistry,
    image: {
      repository: 'registry.test/web',
      flags: ' --set image.repository=registry.test/web --set-string image.tag=1',
    },
    install: async () => {
      await installOnNode(node);
      return 'The controller runs on the node in its own image, as two replicas, from deploy/ as it is.';
    },
    hints: {
      first: 'make real-node-shell',
      chart: 'hello --set image.repository=registry.test/web --set-string image.tag=1',
      log: () => `kubectl ${log.join(' ')} -f`,
    },
    // The node is in a network of its own, which no browser reaches.
    showPage: async (how) => (how === 'once' ? undefined : new Promise<never>(() => undefined)),
    lastLines: async () => (await kubectlFor(node).attempt([...log, '--tail=20'])).stdout.trim(),
    failed: async () => new Promise<never>(() => undefined),
    stop: async () => undefined,
  };
}
