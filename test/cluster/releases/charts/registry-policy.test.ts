import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

// Where a tenant's chart references may lead the controller.

const coxswain = story();
let web: ReleaseView;
let tenant: Tenant;
/** A host that no administrator allowed, and what it was asked. */
let other: Server;
let otherHost: string;
let asked: string[];

beforeAll(async () => {
  other = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(500).end();
  });
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  otherHost = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  const flags = [
    `--allow-registry=${coxswain.controlPlane.registry}/charts`,
    '--allow-registry=10.96.0.1',
    '--allow-registry=*.svc',
  ];
  await coxswain.restart({ flags });
});

afterAll(async () => {
  other?.close();
});

beforeEach(async () => {
  asked = [];
  tenant = await coxswain.tenant();
  web = tenant.release('web');
});

describe('a chart that is not allowed is refused', () => {
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
    await tenant.apply('web', { registry: registry(), name: 'web', version: '1.0.0' });
    expect((await web.failed('RegistryRefused')).message).toContain(told);
    expect(asked).toEqual([]);
  });
});

test('a chart that is allowed is pulled', async () => {
  const chart = await coxswain.push(webChart());
  await tenant.apply('web', chart);
  await web.ready();
});
