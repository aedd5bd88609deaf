import { afterEach, beforeAll } from '@jest/globals';

import { buildChart, type ChartParts } from '../charts/chart-builder.ts';
import { storeChart, type StoredChart } from '../charts/registry.ts';
import { kubectlFor, type Kubectl } from '../cluster/kubectl.ts';
import { createTenant, tenantOf, type Tenant } from '../cluster/tenant.ts';
import { whatHappened } from '../cluster/what-happened.ts';
import type { RealNode } from '../../real-node/node/start.ts';
import { installOnNode } from './coxswain.ts';
import { realNode } from './node.ts';

/** What a test works with beside a real node on which Coxswain runs as it is shipped. */
export type NodeStory = {
  readonly node: RealNode;
  readonly kubectl: Kubectl;
  /** A namespace with a new name, whose `default` service account has the rights of `admin` in it. */
  tenant(prefix?: string): Promise<Tenant>;
  /** The tenant of a namespace that exists, or is made by the test. */
  tenantOf(namespace: string): Tenant;
  /** Pushes a chart, built from its parts or packaged, and returns where pods find it. */
  push(chart: ChartParts | Uint8Array): Promise<StoredChart>;
};

const INSTALL_TIMEOUT_MS = 300_000;

/** Begins the tests of a `describeOnRealNode`; for a test that fails it prints what happened meanwhile. */
export function nodeStory(): NodeStory {
  const namespaces: string[] = [];
  let told = 0;
  beforeAll(async () => installOnNode(realNode()), INSTALL_TIMEOUT_MS);
  afterEach(async () => {
    const { failures = 0 } = globalThis as { failures?: number };
    if (failures > told) await tell(namespaces);
    told = failures;
  });
  return {
    get node() {
      return realNode();
    },
    get kubectl() {
      return kubectlFor(realNode());
    },
    tenant: async (prefix) => {
      const kubectl = kubectlFor(realNode());
      const namespace = await createTenant(kubectl, prefix);
      namespaces.push(namespace);
      return tenantOf(kubectl, namespace);
    },
    tenantOf: (namespace) => {
      namespaces.push(namespace);
      return tenantOf(kubectlFor(realNode()), namespace);
    },
    push: async (chart) => {
      const node = realNode();
      const stored = await storeChart(node, chart instanceof Uint8Array ? chart : buildChart(chart));
      return { ...stored, registry: stored.registry.replace(node.registry, node.nodeRegistry) };
    },
  };
}

async function tell(namespaces: readonly string[]): Promise<void> {
  const kubectl = kubectlFor(realNode());
  const selector = '--selector=app.kubernetes.io/name=coxswain';
  const { stdout } = await kubectl.attempt(['logs', '--namespace=coxswain-system', selector, '--tail=60']);
  const pods = await kubectl.attempt(['get', 'pods', '--all-namespaces', '--output=wide']);
  process.stderr.write(`${await whatHappened(kubectl, stdout, namespaces)}${pods.stdout}\n`);
}
