import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';
import { COLOUR_CHART } from '../../../support/charts/colour-chart.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { countedOf, describeRequest, markAudit, requestsSince } from '../../../support/cluster/audit.ts';
import { giveUpLease } from '../../../support/cluster/controller.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { startWriteGate, type WriteGate } from '../../../support/cluster/write-gate.ts';
import { eventually } from '../../../support/eventually.ts';

// The controller is killed after the writes of a cut, of a cut back, and of the end of the old colour that decide something: the first object
// of a colour or its deletion, the phase that is stored before the Service is written, the Service, and the version in force. The Service is written once all
// the same, and the end is the same. How a version is recorded, and each write of an upgrade, are walked through elsewhere.

const STEPS = ['cut', 'back', 'retire'] as const;
type Step = (typeof STEPS)[number];
const COMES_TO: Record<Step, number> = { cut: 2, back: 1, retire: 1 };
const SPECS: Record<Step, object> = {
  cut: { values: { tag: '2' } },
  back: { version: 1 },
  retire: { strategy: { keepFor: '1s' } },
};

const coxswain = story();
let chart: StoredChart;
let gate: WriteGate;

beforeAll(async () => {
  chart = await coxswain.push(COLOUR_CHART);
  gate = await startWriteGate(join(coxswain.controlPlane.directory, 'coxswain.kubeconfig'));
  await restart();
});

afterAll(async () => gate?.close());

test('killed after any decisive write, it ends in the same state, with no more writes of the Service', async () => {
  const [undisturbed, ...tenants] = await installed();
  for (const step of STEPS) {
    gate.count();
    const reference = await outcome(step, undisturbed);
    const writes = gate.writesIn(undisturbed.namespace);
    const deciding = decidingWrites(step, writes);
    expect(deciding.every((write) => write > 0 && write <= writes.length)).toBe(true);
    for (const [index, tenant] of tenants.entries()) {
      const write = deciding[index];
      const ended = write === undefined ? await outcome(step, tenant) : await outcomeOfKilled(step, tenant, write);
      expect({ step, write, ...ended }).toEqual({ step, write, ...reference });
    }
  }
}, 1_200_000);

/** The numbers of these writes, from 1; 0 or less where there is none. */
function decidingWrites(step: Step, writes: readonly string[]): number[] {
  const numberOf = (isIt: (write: string) => boolean): number => writes.findIndex(isIt) + 1;
  const deletion = numberOf((write) => write.startsWith('DELETE '));
  if (step === 'retire') return [deletion, deletion + 1];
  const service = numberOf((write) => write.endsWith('/services/web'));
  const phase = writes.slice(0, service).findLastIndex((write) => write.includes('/releases/web')) + 1;
  const around = [phase, service, service + 1];
  return step === 'back' ? around : [numberOf((write) => write.includes('/deployments/')), ...around];
}

async function outcomeOfKilled(step: Step, tenant: Tenant, write: number): Promise<object> {
  const last = gate.lastWrite(tenant.namespace, write);
  return outcome(step, tenant, async () => {
    await last;
    coxswain.controller.kill('SIGKILL');
    await coxswain.controller.exited;
    gate.count();
    await giveUpLease(coxswain.controlPlane);
    await restart();
  });
}

async function restart(): Promise<void> {
  await coxswain.restart({ flags: ['--kubeconfig', gate.kubeconfig] });
}

/** One tenant more than there are writes that decide something. */
async function installed(): Promise<[Tenant, ...Tenant[]]> {
  const one = async (): Promise<Tenant> => {
    const tenant = await coxswain.tenant({ prefix: 'colours' });
    const strategy = { type: 'BlueGreen', service: 'web', preview: 'web-next', keepFor: '1h' };
    await tenant.apply('web', chart, { strategy });
    await tenant.release('web').inForce(1);
    return tenant;
  };
  return Promise.all([one(), one(), one(), one(), one()]);
}

/** Takes the step, and tells all that should not depend on what happened on the way. */
async function outcome(step: Step, tenant: Tenant, during = async (): Promise<void> => undefined): Promise<object> {
  const mark = await markAudit(coxswain.controlPlane, tenant);
  const web = tenant.release('web');
  await web.patch({ ...SPECS[step] });
  await during();
  await web.inForce(COMES_TO[step]);
  const isOver = ({ status }: Release): boolean =>
    status?.operation?.phase === 'Done' && (step !== 'retire' || status.operation.standby === undefined);
  const { status } = await web.until(isOver);
  const kinds = 'deployment,configmap,service,poddisruptionbudget';
  const list = async (): Promise<KubeObject[]> =>
    (await tenant.kubectl.json<{ items: KubeObject[] }>('get', kinds)).items;
  const objects = await eventually(list, (items) => items.every(({ metadata }) => !metadata.deletionTimestamp));
  const writes = countedOf('coxswain', await requestsSince(mark)).filter(({ verb }) => verb === 'patch');
  return {
    operation: [status?.operation?.type, status?.operation?.version, status?.operation?.standby],
    rows: status?.resources?.map(({ kind, name, standby }) => [kind, name, standby]),
    objects: objects
      .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
      .map(({ kind, metadata, spec }) => [kind, metadata.name, (spec as { selector?: unknown } | undefined)?.selector]),
    serviceWrites: writes.map(describeRequest).filter((write) => write === 'patch services/web'),
  };
}
