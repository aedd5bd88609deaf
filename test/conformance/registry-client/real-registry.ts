import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hash } from 'bcryptjs';

import { ensureBinaries, findFreePort } from '../../control-plane/index.ts';
import { certificates } from '../../unit/registry-client/support/certificates.ts';

/** How the registry authenticates: not at all, by one user, or by the tokens of a server. */
export type Authentication =
  | { kind: 'none' }
  | { kind: 'basic'; username: string; password: string }
  | { kind: 'token'; realm: string; service: string; issuer: string };

/** Whether it speaks TLS, and asks for a certificate of the tests' authority. */
export type Transport = 'http' | 'https' | 'https with client certificates';

/** Who is told of pushes, and the `Authorization` header that he is shown. */
export type Listener = { url: string; authorization: string };

export type RealRegistry = { host: string; log(): string; stop(): Promise<void> };

const TETHER = join(import.meta.dirname, '..', '..', 'support', 'processes', 'tether.ts');

/** Starts the CNCF distribution registry on a free port of 127.0.0.1, keeping what it stores in memory. */
export async function startRegistry({
  authentication = { kind: 'none' },
  transport = 'http',
  notify,
}: { authentication?: Authentication; transport?: Transport; notify?: Listener } = {}): Promise<RealRegistry> {
  const { registry } = await ensureBinaries(['registry']);
  const directory = await mkdtemp(join(tmpdir(), 'coxswain-registry-'));
  const host = `127.0.0.1:${await findFreePort()}`;
  const { serverCert, serverKey, ca } = certificates;
  await writeFile(join(directory, 'ca.pem'), ca);
  await writeFile(join(directory, 'cert.pem'), serverCert);
  await writeFile(join(directory, 'key.pem'), serverKey);
  if (authentication.kind === 'basic') {
    const line = `${authentication.username}:${await hash(authentication.password, 4)}\n`;
    await writeFile(join(directory, 'htpasswd'), line);
  }
  const clients = transport === 'https with client certificates' ? { clientcas: [join(directory, 'ca.pem')] } : {};
  const tls = { certificate: join(directory, 'cert.pem'), key: join(directory, 'key.pem'), ...clients };
  const configuration = {
    version: '0.1',
    log: { level: 'info', formatter: 'json', accesslog: { disabled: false } },
    storage: { inmemory: {}, delete: { enabled: true } },
    http: { addr: host, secret: 'not-a-secret', ...(transport === 'http' ? {} : { tls }) },
    ...authOf(authentication, directory),
    ...notificationsTo(notify),
  };
  await writeFile(join(directory, 'registry.json'), JSON.stringify(configuration));
  return runRegistry(host, directory, [registry, 'serve', join(directory, 'registry.json')]);
}

/** Starts the registry of go-containerregistry (`crane registry serve`) on a free port of 127.0.0.1: in memory, for anybody. */
export async function startCraneRegistry(): Promise<RealRegistry> {
  const { crane } = await ensureBinaries(['crane']);
  const directory = await mkdtemp(join(tmpdir(), 'coxswain-registry-'));
  const host = `127.0.0.1:${await findFreePort()}`;
  return runRegistry(host, directory, [crane, 'registry', 'serve', '--address', host]);
}

/** Starts the same registry with the referrers API, for anybody. */
export async function startReferrersRegistry(): Promise<RealRegistry> {
  const { 'referrers-registry': program } = await ensureBinaries(['referrers-registry']);
  const directory = await mkdtemp(join(tmpdir(), 'coxswain-registry-'));
  const host = `127.0.0.1:${await findFreePort()}`;
  return runRegistry(host, directory, [program, host]);
}

async function runRegistry(host: string, directory: string, command: readonly string[]): Promise<RealRegistry> {
  const logFile = join(directory, 'log');
  const tether = spawn(process.execPath, [TETHER, logFile, ...command], { stdio: ['pipe', 'ignore', 'inherit'] });
  const log = (): string => readFileSync(logFile, 'utf8');
  await untilListening(host, log);
  return {
    host,
    log,
    stop: async () => {
      tether.stdin.end();
      await once(tether, 'exit');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function authOf(authentication: Authentication, directory: string): object {
  switch (authentication.kind) {
    case 'none':
      return {};
    case 'basic':
      return { auth: { htpasswd: { realm: 'test', path: join(directory, 'htpasswd') } } };
    case 'token': {
      const { realm, service, issuer } = authentication;
      const rootcertbundle = join(directory, 'ca.pem');
      return { auth: { token: { realm, service, issuer, rootcertbundle, signingalgorithms: ['ES256'] } } };
    }
  }
}

function notificationsTo(listener: Listener | undefined): object {
  if (!listener) return {};
  const { url, authorization } = listener;
  const patience = { timeout: '1s', threshold: 3, backoff: '1s' };
  return {
    notifications: { endpoints: [{ name: 'test', url, headers: { authorization: [authorization] }, ...patience }] },
  };
}

async function untilListening(host: string, log: () => string): Promise<void> {
  const port = Number(host.split(':')[1]);
  for (let tries = 0; tries < 1_800; tries++) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the registry does not listen on ${host}:\n${log()}`);
}
