import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startControlPlane, type ControlPlane } from '../../control-plane/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import {
  giveUpLease,
  installCoxswain,
  startController,
  type RunningController,
} from '../../support/cluster/controller.ts';
import { eventually } from '../../support/eventually.ts';
import { kubectlFor, type Kubectl } from '../../support/cluster/kubectl.ts';
import { storeChart } from '../../support/charts/registry.ts';
import { startWriteGate, type WriteGate } from '../../support/cluster/write-gate.ts';
import { OPERATIONS, STEPS_CHART, walkWith, type Operation, type Walk } from './write-walk.ts';

// The controller is killed after each write of an operation, the answer to it lost, and started again: the end is the same.

let controlPlane: ControlPlane;
let kubectl: Kubectl;
let walk: Walk;
let gate: WriteGate;
let controller: RunningController;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  kubectl = kubectlFor(controlPlane);
  await installCoxswain(controlPlane);
  walk = walkWith(kubectl, await storeChart(controlPlane, buildChart(STEPS_CHART)));
  await (await startController({ controlPlane })).stop();
  gate = await startWriteGate(join(controlPlane.directory, 'coxswain.kubeconfig'));
  await start();
});

afterAll(async () => {
  await controller?.stop();
  await gate?.close();
  await controlPlane?.stop();
});

test.each(OPERATIONS)(
  'killed after any write of %s, it ends in the same state',
  async (operation) => {
    const [undisturbed] = await prepared(operation, 1);
    gate.count();
    await walk.begin(operation, [undisturbed]);
    const [reference] = await walk.outcomes(operation, [undisturbed]);
    const { length } = gate.writes;
    expect(length).toBeGreaterThan(3);
    const namespaces = await prepared(operation, length);
    for (const [index, namespace] of namespaces.entries()) {
      const n = index + 1;
      const killed = new Promise<string>((resolve) => {
        gate.afterWrite(n, (write) => {
          controller.kill('SIGKILL');
          resolve(write);
        });
      });
      await walk.begin(operation, [namespace]);
      const write = await killed;
      await controller.exited;
      gate.count();
      await giveUpLease(controlPlane);
      await start();
      const [outcome] = await walk.outcomes(operation, [namespace]);
      const killedAfter = `${n}: ${write.replaceAll(namespace, 'NS')}`;
      expect({ killedAfter, ...outcome }).toEqual({ killedAfter, ...reference });
    }
  },
  600_000,
);

test('no chunk is left of what was deleted', async () => {
  const namespaces = (
    await kubectl('get', 'relhist', '--all-namespaces', '--output=jsonpath={.items[*].metadata.namespace}')
  ).split(' ');
  const path = '--output=jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}{"\\n"}{end}';
  const left = async (): Promise<string[]> => {
    const lines = await kubectl('get', 'secret', '-A', '--field-selector=type=coxswain.dev/chunk', path);
    return lines.trim().split('\n');
  };
  const isKept = (line: string): boolean => namespaces.includes(line.split('/')[0] ?? '');
  await eventually(left, (lines) => lines.every(isKept), { timeoutMs: 120_000 });
});

async function start(): Promise<void> {
  controller = await startController({ controlPlane, flags: ['--kubeconfig', gate.kubeconfig] });
}

async function prepared(operation: Operation, count: number): Promise<[string, ...string[]]> {
  const run = randomBytes(4).toString('hex');
  const names = Array.from({ length: count - 1 }, (_, index) => `${operation}-${run}-${index + 1}x`);
  const namespaces: [string, ...string[]] = [`${operation}-${run}-0x`, ...names];
  await walk.prepare(operation, namespaces);
  return namespaces;
}
