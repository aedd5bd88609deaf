import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../../support/eventually.ts';
import { story } from '../../../support/cluster/story.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

// What the Releases of one tenant wait for must cost the others nothing.

const PATIENCE = { timeoutMs: 300_000 };
const TEST_TIMEOUT_MS = 600_000;
/** As many as a namespace may have at work, in so many namespaces that together they are as many as there may be at work in all. */
const EACH = 4;
const NAMESPACES = 16;

const coxswain = story();
let chart: StoredChart;
let neighbour: Tenant;
let silent: Server;
let connections = 0;

beforeAll(async () => {
  chart = await coxswain.push(webChart());
  neighbour = await coxswain.tenant({ prefix: 'quiet' });
  silent = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
  });
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
});

afterAll(() => void silent?.close());

test(
  'a registry that accepts connections and never answers delays neither other namespaces nor the controller’s shutdown',
  async () => {
    const place = {
      registry: `oci://127.0.0.1:${(silent.address() as AddressInfo).port}/x`,
      name: 'c',
      version: '1.0.0',
    };
    for (let space = 0; space < NAMESPACES; space += 1) {
      const tenant = await coxswain.tenant({ prefix: 'silent' });
      for (let index = 0; index < EACH; index += 1) {
        await tenant.apply(`r${index}`, { ...place, name: `c${index}` });
      }
    }
    await eventually(
      async () => connections,
      (count) => count >= NAMESPACES * EACH,
      PATIENCE,
    );
    const before = connections;
    await serves('beside-silence');
    // Each pass asks four times before it gives up: none of those that were waiting has come to its end.
    expect(connections).toBeLessThan(before + 3 * NAMESPACES * EACH);
    expect(await coxswain.controller.stop()).toBe(0);
  },
  TEST_TIMEOUT_MS,
);

async function serves(name: string): Promise<void> {
  await neighbour.apply(name, chart);
  await neighbour.release(name).ready(PATIENCE);
}
