import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { story } from '../../../support/cluster/story.ts';
import { startWriteGate, WRITE_FAILURES, type WriteGate } from '../../../support/cluster/write-gate.ts';
import { OPERATIONS, STEPS_CHART, walkWith, type Walk } from './write-walk.ts';

// Each write of an operation fails once, in each way that a write can fail: the end is the same.

const coxswain = story();
let walk: Walk;
let gate: WriteGate;

beforeAll(async () => {
  walk = walkWith(coxswain.kubectl, await coxswain.push(STEPS_CHART));
  gate = await startWriteGate(join(coxswain.controlPlane.directory, 'coxswain.kubeconfig'));
  await coxswain.restart({ flags: ['--kubeconfig', gate.kubeconfig] });
});

afterAll(async () => gate?.close());

// Once approved, the writes are those of an upgrade.
test.each(OPERATIONS.filter((operation) => operation !== 'approve'))(
  'whichever write of %s fails, and however, it ends in the same state',
  async (operation) => {
    const run = `${operation}-${randomBytes(4).toString('hex')}`;
    await walk.prepare(operation, [run]);
    gate.count();
    await walk.begin(operation, [run]);
    const [reference] = await walk.outcomes(operation, [run]);
    const writes = gate.writesIn(run);
    expect(writes.length).toBeGreaterThan(3);
    const cases = WRITE_FAILURES.flatMap((failure) =>
      writes.map((_, index) => ({ failure, n: index + 1, namespace: `${run}-${failure.toLowerCase()}-${index + 1}x` })),
    );
    const namespaces = cases.map(({ namespace }) => namespace);
    await walk.prepare(operation, namespaces);
    const failed = cases.map(({ failure, n, namespace }) => gate.failWrite(namespace, n, failure));
    await walk.begin(operation, namespaces);
    const outcomes = await walk.outcomes(operation, namespaces);
    const failures = await Promise.all(failed);
    const seen = cases.map(({ failure, namespace }, index) => ({
      failed: `${failure}: ${failures[index]?.replaceAll(namespace, 'NS')}`,
      ...outcomes[index],
    }));
    expect(seen).toEqual(seen.map(({ failed: write }) => ({ failed: write, ...reference })));
  },
  1_200_000,
);
