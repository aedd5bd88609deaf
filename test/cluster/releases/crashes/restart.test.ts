import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { giveUpLease } from '../../../support/cluster/controller.ts';
import { eventually } from '../../../support/eventually.ts';
import { story } from '../../../support/cluster/story.ts';
import { startWriteGate, type WriteGate } from '../../../support/cluster/write-gate.ts';
import { OPERATIONS, STEPS_CHART, walkWith, type Operation, type Walk } from './write-walk.ts';

// The controller is killed after each write of an operation, the answer to it lost, and started again: the end is the same.

/** The Releases that are in the middle of an operation, each after another write, when it is killed; it works on eight at a time. */
const AT_A_TIME = 6;

const coxswain = story();
let walk: Walk;
let gate: WriteGate;

beforeAll(async () => {
  walk = walkWith(coxswain.kubectl, await coxswain.push(STEPS_CHART));
  gate = await startWriteGate(join(coxswain.controlPlane.directory, 'coxswain.kubeconfig'));
  await restart();
});

afterAll(async () => gate?.close());

test.each(OPERATIONS)(
  'killed after any write of %s, it ends in the same state',
  async (operation) => {
    const [undisturbed] = await prepared(operation, 1);
    gate.count();
    await walk.begin(operation, [undisturbed]);
    const [reference] = await walk.outcomes(operation, [undisturbed]);
    const made = gate.writesIn(undisturbed);
    const [skipped, end] = operation === 'fail' ? turningPoint(made) : [0, made.length];
    expect(end - skipped).toBeGreaterThan(3);
    const namespaces = await prepared(operation, end - skipped);
    const cases = namespaces.map((namespace, index) => ({ namespace, n: skipped + index + 1 }));
    for (let at = 0; at < cases.length; at += AT_A_TIME) {
      const killed = cases.slice(at, at + AT_A_TIME);
      const names = killed.map(({ namespace }) => namespace);
      const last = killed.map(({ namespace, n }) => gate.lastWrite(namespace, n));
      await walk.begin(operation, names);
      const writes = await Promise.all(last);
      coxswain.controller.kill('SIGKILL');
      await coxswain.controller.exited;
      gate.count();
      await giveUpLease(coxswain.controlPlane);
      await restart();
      const outcomes = await walk.outcomes(operation, names);
      const seen = killed.map(({ namespace, n }, index) => ({
        killedAfter: `${n}: ${writes[index]?.replaceAll(namespace, 'NS')}`,
        ...outcomes[index],
      }));
      expect(seen).toEqual(seen.map(({ killedAfter }) => ({ killedAfter, ...reference })));
    }
  },
  1_200_000,
);

test('no chunks of deleted versions are left', async () => {
  const namespaces = (
    await coxswain.kubectl('get', 'relhist', '--all-namespaces', '--output=jsonpath={.items[*].metadata.namespace}')
  ).split(' ');
  const path = '--output=jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}{"\\n"}{end}';
  const left = async (): Promise<string[]> => {
    const lines = await coxswain.kubectl('get', 'secret', '-A', '--field-selector=type=coxswain.dev/chunk', path);
    return lines.trim().split('\n');
  };
  const isKept = (line: string): boolean => namespaces.includes(line.split('/')[0] ?? '');
  await eventually(left, (lines) => lines.every(isKept), { timeoutMs: 120_000 });
});

/**
 * An upgrade that fails is like any other up to the write that is refused, and its rollback is like any other from its first object on: the
 * first and the end of the writes between.
 */
function turningPoint(writes: readonly string[]): [number, number] {
  const refused = writes.findIndex((write) => write.endsWith('/app-bad'));
  const object = writes.findIndex((write, index) => index > refused && write.includes('/configmaps/'));
  return [refused, object + 1];
}

async function restart(): Promise<void> {
  await coxswain.restart({ flags: ['--kubeconfig', gate.kubeconfig] });
}

async function prepared(operation: Operation, count: number): Promise<[string, ...string[]]> {
  const run = randomBytes(4).toString('hex');
  const names = Array.from({ length: count - 1 }, (_, index) => `${operation}-${run}-${index + 1}x`);
  const namespaces: [string, ...string[]] = [`${operation}-${run}-0x`, ...names];
  await walk.prepare(operation, namespaces);
  return namespaces;
}
