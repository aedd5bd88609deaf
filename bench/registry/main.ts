// What charts cost a registry, the controller's memory, and the time from a push to what it changes; see README.md.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../test/control-plane/index.ts';
import { startRegistry } from '../../test/conformance/registry-client/real-registry.ts';
import { startController } from '../../test/support/cluster/controller.ts';
import { startInstallation } from '../../test/support/cluster/installation.ts';
import { measureDownloads } from './downloads.ts';
import { measureMemory } from './memory.ts';
import { measurePushes } from './pushes.ts';

const SECRET = 'a secret of the benchmark';

const port = await findFreePort();
const notify = { url: `http://127.0.0.1:${port}/hooks/registry`, authorization: `Bearer ${SECRET}` };
const registry = await startRegistry({ notify });
const directory = await mkdtemp(join(tmpdir(), 'coxswain-bench-'));
const secretFile = join(directory, 'secret');
await writeFile(secretFile, SECRET);
const installation = await startInstallation();
const { controlPlane } = installation;
const flags = ['--webhook-port', String(port), '--webhook-secret-file', secretFile];
const start = async (): ReturnType<typeof startController> => startController({ controlPlane, flags });
await installation.controller.stop();
let controller = await start();
const restart = async (): Promise<void> => {
  await controller.stop();
  controller = await start();
};
try {
  const isLean = await measureDownloads(installation, registry, restart);
  const isSmall = await measureMemory(registry);
  await measurePushes(installation, registry);
  if (!isLean || !isSmall) process.exitCode = 1;
} finally {
  await controller.stop();
  await installation.stop();
  await registry.stop();
  await rm(directory, { recursive: true, force: true });
}
