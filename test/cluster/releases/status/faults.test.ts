import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { eventually } from '../../../support/eventually.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { FAULTS, REFUSED_LABEL, UNANSWERED_LABEL, type Fault } from './faults.ts';

// Each fault is made to happen on the real control plane, all of them at once; in the kubelets' place, the test reports of pods what a
// kubelet would. The Releases wait for little, so that what may pass by itself is Red soon.

const SPEC = { redAfter: '3s' };
const PATIENCE = { timeoutMs: 180_000, intervalMs: 300 };

const coxswain = story();
let tenant: Tenant;
let withoutPods: Tenant;
/** What was last seen of each Release. */
const seen = new Map<string, Release>();
/** When each fault happened, and when its cause was first seen to be told. */
const happened = new Map<string, number>();
const told = new Map<string, number>();
const looking = new AbortController();
let faults: Map<string, Promise<void>>;

beforeAll(async () => {
  tenant = await coxswain.tenant();
  withoutPods = await coxswain.tenant();
  await withoutPods.kubectl('create', 'quota', 'none', '--hard=pods=0');
  await coxswain.kubectl.apply(WEBHOOK, POLICY, BINDING);
  void look();
  faults = new Map(FAULTS.map((fault) => [fault.name, happen(fault)]));
  await Promise.allSettled(faults.values());
}, 1_200_000);

afterAll(() => {
  looking.abort();
  process.stdout.write(`seconds until the cause is told:\n${FAULTS.map(timeOf).join('\n')}\n`);
});

test.each(FAULTS.map((fault) => [fault.title, fault] as const))(
  '%s is reported, with its colour',
  async (_title, fault) => {
    await faults.get(fault.name);
    await eventually(
      () => told.has(fault.name),
      (isTold) => expect({ isTold, status: seen.get(fault.name)?.status }).toMatchObject({ isTold: true }),
      PATIENCE,
    );
    const status = seen.get(fault.name)?.status;
    // What is Green is told of the object alone.
    if (fault.colour !== 'Green') expect(status?.message).toContain(fault.name);
    expect(status?.health).toBe(fault.colour);
  },
);

/** Installs the chart of a fault and lets it happen. */
async function happen(fault: Fault): Promise<void> {
  const there = tenantOf(fault);
  const chart = await coxswain.push({ name: fault.name, templates: { 'all.yaml': fault.templates } });
  happened.set(fault.name, Date.now());
  const release = await there.apply(fault.name, chart, SPEC);
  if (fault.kubelet) return asKubelet(fault, fault.kubelet);
  if (!fault.upgrade && fault.deletes === undefined) return;
  await eventually(
    () => seen.get(fault.name),
    (found) => found?.status?.health === 'Green',
    PATIENCE,
  );
  if (fault.upgrade) await release.patch({ values: fault.upgrade });
  if (fault.deletes !== undefined) await there.kubectl('delete', fault.deletes, '--wait=false');
  happened.set(fault.name, Date.now());
}

async function asKubelet(fault: Fault, status: object): Promise<void> {
  const { kubectl } = tenantOf(fault);
  const { items } = await eventually(
    async () => kubectl.json<{ items: KubeObject[] }>('get', 'pods', `--selector=app=${fault.name}`),
    (pods) => expect(pods.items.map((pod) => pod['status'])).toMatchObject([{ phase: 'Running' }]),
    { ...PATIENCE, intervalMs: 1_000 },
  );
  happened.set(fault.name, Date.now());
  for (const { metadata } of items) {
    const patch = `--patch=${JSON.stringify({ status })}`;
    await kubectl('patch', 'pod', metadata.name, '--subresource=status', '--type=merge', patch);
    if (fault.warning) await kubectl.apply(eventAbout(metadata, fault.warning));
  }
}

function eventAbout({ name, namespace, uid }: KubeObject['metadata'], said: NonNullable<Fault['warning']>): object {
  const time = new Date().toISOString().replace(/\.\d+/, '');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.1`, namespace },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace, uid },
    type: 'Warning',
    ...said,
    source: { component: 'kubelet' },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}

/** Looks at all Releases at once, again and again, until the cluster is no more. */
async function look(): Promise<void> {
  while (!looking.signal.aborted) {
    for (const { kubectl } of [tenant, withoutPods]) {
      const { stdout } = await kubectl.attempt(['get', 'releases', '--output=json']);
      const { items } = JSON.parse(stdout || '{"items":[]}') as { items: Release[] };
      for (const release of items) seen.set(release.metadata.name, release);
    }
    for (const fault of FAULTS) if (!told.has(fault.name) && isTold(fault)) told.set(fault.name, Date.now());
    await sleep(300);
  }
}

/** Whether the status says of an object, or of the Release, what it should, in the right colour. */
function isTold({ name, colour, says }: Fault): boolean {
  const { health, message, resources = [] } = seen.get(name)?.status ?? {};
  return [{ health, message }, ...resources].some((each) => each.health === colour && says.test(each.message ?? ''));
}

function timeOf({ name, title, colour }: Fault): string {
  const at = told.get(name);
  const created = Date.parse(seen.get(name)?.metadata.creationTimestamp ?? '') || 0;
  const since = Math.max(happened.get(name) ?? 0, created);
  const seconds = at === undefined ? 'never' : ((at - since) / 1_000).toFixed(1);
  return `  ${seconds.padStart(5)}  ${colour.padEnd(6)}  ${title}`;
}

function tenantOf(fault: Fault): Tenant {
  return fault.withoutPods ? withoutPods : tenant;
}

/** Is asked about what bears the label, and never answers. */
const WEBHOOK = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'silent' },
  webhooks: [
    {
      name: 'silent.example.com',
      clientConfig: { url: 'https://127.0.0.1:1/' },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods', 'configmaps'], operations: ['CREATE'] }],
      objectSelector: { matchLabels: { [UNANSWERED_LABEL]: 'true' } },
      failurePolicy: 'Fail',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    },
  ],
};

const POLICY = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'refused' },
  spec: {
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE'] }],
      objectSelector: { matchLabels: { [REFUSED_LABEL]: 'true' } },
    },
    validations: [{ expression: 'false', message: 'not in this namespace' }],
  },
};

const BINDING = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name: 'refused' },
  spec: { policyName: 'refused', validationActions: ['Deny'] },
};
