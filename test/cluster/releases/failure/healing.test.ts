import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findFreePort } from '../../../control-plane/index.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { webChart } from '../../../support/charts/web-chart.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';
import { certificates } from '../../../unit/registry-client/support/certificates.ts';
import { serve, stopServers, trusted } from '../../../unit/registry-client/support/server.ts';

// What fails for a cause outside of a Release goes on by itself once the cause is mended: nobody edits or resets anything.

const coxswain = story();
let tenant: Tenant;
let chart: StoredChart;
let road: Server | undefined;

beforeEach(async () => {
  tenant = await coxswain.tenant();
  chart = await coxswain.push(webChart());
});

afterEach(async () => {
  road?.close();
  await stopServers();
});

/** Leads to the registry from a port at which nothing listens before. */
async function openRoad(port: number): Promise<Server> {
  const [, target = ''] = coxswain.controlPlane.registry.split(':');
  const server = createServer((socket) => {
    const onward = connect(Number(target), '127.0.0.1');
    for (const end of [socket, onward]) end.on('error', () => (socket.destroy(), onward.destroy()));
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return server;
}

test('a registry that is down and recovers is tried again', async () => {
  const port = await findFreePort();
  const host = `127.0.0.1:${port}`;
  await coxswain.restart({ flags: [`--allow-plain-http=${host}`] });
  const web = await tenant.apply('web', { ...chart, registry: `oci://${host}/charts` });
  const { message } = await web.failed('RegistryUnavailable');
  expect(message).toContain(host);
  road = await openRoad(port);
  expect(await web.ready()).toMatchObject({ status: { version: 1, health: 'Green' } });
});

test('an object that a webhook refuses is created once the webhook allows it', async () => {
  const { namespace, kubectl } = tenant;
  let allowed = false;
  const guard = await serve(async (request, response) => {
    const review = (await jsonOf(request)) as { request: { uid: string } };
    const status = { code: 403, message: 'the guard is not convinced' };
    const { uid } = review.request;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid, allowed, ...(allowed ? {} : { status }) },
      }),
    );
  }, trusted);
  await kubectl.apply({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: namespace },
    webhooks: [
      {
        name: 'guard.example.com',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        clientConfig: { url: `${guard.origin}/`, caBundle: Buffer.from(certificates.ca).toString('base64') },
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'], operations: ['CREATE'] }],
      },
    ],
  });
  // Until the API server has seen the webhook.
  const probe = ['create', 'deployment', 'probe', '--image=example.com/app:1', '--dry-run=server'];
  await eventually(
    () => kubectl.attempt(probe),
    ({ stderr }) => stderr.includes('not convinced'),
  );
  const web = await tenant.apply('web', chart);
  const { message } = await web.failed('ApplyFailed');
  expect(message).toMatch(/deployments\.apps "web".*guard\.example\.com.*the guard is not convinced/);
  const refused = await web.get();
  expect(refused.status).toMatchObject({ health: 'Red' });
  expect(refused.status).not.toHaveProperty('version');
  allowed = true;
  expect(await web.ready()).toMatchObject({ status: { version: 1, health: 'Green' } });
});

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(request, 'end');
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
