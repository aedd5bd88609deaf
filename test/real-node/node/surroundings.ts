import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { lastLine, runBounded } from '../machine/bounded.ts';
import { NODE_ADDRESS, NODE_NAME, REGISTRY_ADDRESS } from './addresses.ts';

const STEP_TIMEOUT_MS = 30_000;
/** Folders that programs of a node insist on; what the machine has in them is not seen in the namespace, and nothing is left in it. */
const OWN_FOLDERS = ['/run', '/var/lib', '/var/log'];

/**
 * Makes a network of this namespace's own, with no way out, and folders of the run directory in place of the machine's where programs of a
 * node write. To be called in new namespaces only.
 */
export async function makeSurroundings(directory: string): Promise<void> {
  await must('hostname', NODE_NAME);
  await makeNetwork();
  for (const folder of OWN_FOLDERS) {
    const own = join(directory, 'root', folder);
    await mkdir(own, { recursive: true });
    await must('mount', '--bind', own, folder);
  }
  // A name that nobody here knows must be refused at once.
  await writeFile(join(directory, 'resolv.conf'), `nameserver 127.0.0.1\noptions timeout:1 attempts:1\n`);
  if (existsSync('/etc/resolv.conf')) await must('mount', '--bind', join(directory, 'resolv.conf'), '/etc/resolv.conf');
  await must('mount', '--make-rshared', '/');
}

async function makeNetwork(): Promise<void> {
  await must('ip', 'link', 'set', 'lo', 'up');
  await must('ip', 'link', 'add', 'br-node', 'type', 'bridge');
  for (const address of [NODE_ADDRESS, REGISTRY_ADDRESS])
    await must('ip', 'addr', 'add', `${address}/32`, 'dev', 'br-node');
  await must('ip', 'link', 'set', 'br-node', 'up');
  // The addresses of Services are on no device, and without a route to them nothing is sent that could be redirected.
  await must('ip', 'route', 'add', 'default', 'dev', 'br-node');
  await writeFile('/proc/sys/net/ipv4/ip_forward', '1');
}

async function must(program: string, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await runBounded(program, args, STEP_TIMEOUT_MS);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${lastLine(stderr)}`);
}
