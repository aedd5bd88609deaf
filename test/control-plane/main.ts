import { BINARY_NAMES, ensureBinaries, startControlPlane } from './index.ts';
import { ensureStages } from './binaries/binaries.ts';

const USAGE = `usage: node test/control-plane/main.ts build | up
  build   find or build every program
  up      start a cluster and keep it until Ctrl-C
`;

async function build(): Promise<void> {
  const paths = await ensureBinaries(BINARY_NAMES);
  await ensureStages();
  for (const name of BINARY_NAMES) process.stdout.write(`${name.padEnd(24)} ${paths[name]}\n`);
}

async function up(): Promise<void> {
  const controlPlane = await startControlPlane();
  process.stdout.write(`export KUBECONFIG=${controlPlane.kubeconfig}\n`);
  process.stdout.write(`registry (plain HTTP): ${controlPlane.registry}\n`);
  process.stdout.write('the cluster runs until Ctrl-C\n');
  const keepAlive = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  clearInterval(keepAlive);
  await controlPlane.stop();
}

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = { build, up };
const command = COMMANDS[process.argv[2] ?? ''];

if (command === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  await command().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
