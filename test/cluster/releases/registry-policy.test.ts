import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { startController, type RunningController } from '../../support/cluster/controller.ts';
import {
  pushParts,
  releaseOf,
  startInstallation,
  viewRelease,
  type Installation,
  type ReleaseView,
} from '../../support/cluster/installation.ts';
import { createTenant } from '../../support/cluster/tenant.ts';
import { webChart } from '../../support/charts/web-chart.ts';

// Where a tenant's chart references may lead the controller.

let coxswain: Installation;
let controller: RunningController;
let web: ReleaseView;
let namespace: string;
/** A host that no administrator allowed, and what it was asked. */
let other: Server;
let otherHost: string;
let asked: string[];

beforeAll(async () => {
  coxswain = await startInstallation();
  other = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(500).end();
  });
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  otherHost = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  const { controlPlane } = coxswain;
  await coxswain.controller.stop();
  const flags = [
    `--allow-registry=${controlPlane.registry}/charts`,
    '--allow-registry=10.96.0.1',
    '--allow-registry=*.svc',
  ];
  controller = await startController({ controlPlane, flags });
});

afterAll(async () => {
  other?.close();
  await controller?.stop();
  await coxswain?.stop();
});

beforeEach(async () => {
  asked = [];
  namespace = await createTenant(coxswain.kubectl);
  web = viewRelease(coxswain.kubectl, namespace, 'web');
});

describe('what is not allowed is refused', () => {
  test.each<[string, () => string, string]>([
    ['another path of an allowed host', () => `oci://${coxswain.controlPlane.registry}/others`, '--allow-registry'],
    ['another host', () => `oci://${otherHost}/charts`, '--allow-registry'],
    [
      "an address of the cluster's Services",
      () => 'oci://10.96.0.1/charts',
      'connections to this address are not allowed',
    ],
    ['the API server by its name', () => 'oci://kubernetes.default.svc/charts', 'not among the allowed hosts'],
  ])('%s', async (_, registry, told) => {
    await coxswain.kubectl.apply(releaseOf(namespace, 'web', { registry: registry(), name: 'web', version: '1.0.0' }));
    expect((await web.failed('RegistryRefused')).message).toContain(told);
    expect(asked).toEqual([]);
  });
});

test('what is allowed is pulled', async () => {
  const chart = await pushParts(coxswain, webChart());
  await coxswain.kubectl.apply(releaseOf(namespace, 'web', chart));
  await web.ready();
});
