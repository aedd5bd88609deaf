// Measures the command as it is installed beside helm and kubectl: the time until it ends, and the processor time that it takes. The
// cluster is a control plane of its own with one Release, so that `status` has something to say.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleCommand } from '../../tools/command/bundle.ts';
import { ensureBinaries } from '../../test/control-plane/index.ts';
import { releaseOf, startInstallation } from '../../test/support/cluster/installation.ts';
import { createTenant } from '../../test/support/cluster/tenant.ts';

const RUNS = Number(process.env['RUNS'] ?? 10);

/** Milliseconds, the medians of all runs. */
interface Usage {
  readonly wall: number;
  readonly cpu: number;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function usageOf(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Usage {
  const walls: number[] = [];
  const cpus: number[] = [];
  // The first run fills caches.
  for (let run = 0; run <= RUNS; run += 1) {
    const script = 'TIMEFORMAT="%R %U %S"; { time "$0" "$@" >/dev/null 2>/dev/null; } 2>&1';
    const { stdout } = spawnSync('bash', ['-c', script, program, ...args], { env, encoding: 'utf8' });
    const [wall = NaN, user = NaN, system = NaN] = stdout.trim().split(' ').map(Number);
    if (run === 0) continue;
    walls.push(wall * 1000);
    cpus.push((user + system) * 1000);
  }
  return { wall: medianOf(walls), cpu: medianOf(cpus) };
}

const directory = await mkdtemp(join(tmpdir(), 'command-'));
const installation = await startInstallation();
try {
  await bundleCommand(directory);
  const { helm, helm4, kubectl } = await ensureBinaries(['helm', 'helm4', 'kubectl']);
  const namespace = await createTenant(installation.kubectl, 'bench');
  const chart = { registry: 'oci://registry.example/charts', name: 'web' };
  await installation.kubectl.apply(releaseOf(namespace, 'web', chart));
  const command = join(directory, 'kubectl-release');
  const env = { ...process.env, KUBECONFIG: installation.controlPlane.kubeconfig, COXSWAIN_NODE: process.execPath };
  const here = ['-n', namespace];
  const rows: readonly (readonly [title: string, program: string, args: readonly string[]])[] = [
    ['node -e 0', process.execPath, ['-e', '0']],
    ['kubectl release --help', command, ['--help']],
    ['kubectl release completion bash', command, ['completion', 'bash']],
    ['kubectl release upgrade --help', command, ['upgrade', '--help']],
    ['kubectl release status web', command, ['status', 'web', ...here]],
    ['kubectl release list', command, ['list', ...here]],
    ['helm 3 --help', helm, ['--help']],
    ['helm 4 --help', helm4, ['--help']],
    ['helm 4 list', helm4, ['list', ...here]],
    ['kubectl --help', kubectl, ['--help']],
    ['kubectl get releases', kubectl, ['get', 'releases', ...here]],
  ];
  process.stdout.write(`${'command'.padEnd(34)} wall ms   cpu ms\n`);
  for (const [title, program, args] of rows) {
    const { wall, cpu } = usageOf(program, args, env);
    process.stdout.write(`${title.padEnd(34)} ${wall.toFixed(0).padStart(7)} ${cpu.toFixed(0).padStart(8)}\n`);
  }
} finally {
  await installation.stop();
  await rm(directory, { recursive: true, force: true });
}
