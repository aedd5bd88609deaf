import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOOPBACK, pushChart } from '../../registry-client/index.ts';
import type { RealRegistry } from '../../test/conformance/registry-client/real-registry.ts';
import { buildArchive } from '../../test/support/charts/chart-builder.ts';
import { succeed } from '../../test/support/charts/public-charts.ts';

const MIB = 1024 * 1024;
const FILE_MIB = 5;
const FILES = 10;
const MAX_MIB = 40;
/** As deploy/controller.yaml has it. */
const YOUNG_GENERATION = '--max-semi-space-size=2';

/** Prints the peak of memory while a chart of 50 MiB is pulled, and loaded by a renderer; whether it stays below 40 MiB. */
export async function measureMemory(registry: RealRegistry): Promise<boolean> {
  const source = `oci://${registry.host}/memory`;
  await push(source, 'small', 0);
  await push(source, 'large', FILES);
  process.stdout.write(`\na chart of ${FILES * FILE_MIB} MiB, MiB above idle`.padEnd(59));
  process.stdout.write(`${['as deployed', 'V8 by default'].map((head) => head.padStart(15)).join('')}\n`);
  const peaks: number[] = [];
  for (const [what, mode] of [
    ['pulled into the cache', 'not-loaded'],
    ['pulled, and sent to a renderer', 'loaded'],
  ] as const) {
    const deployed = await peakOf(source, mode, [YOUNG_GENERATION]);
    const plain = await peakOf(source, mode, []);
    process.stdout.write(`${what.padEnd(58)}${[deployed, plain].map((mib) => mib.toFixed(1).padStart(15)).join('')}\n`);
    peaks.push(deployed);
  }
  return Math.max(...peaks) < MAX_MIB;
}

async function push(registry: string, name: string, files: number): Promise<void> {
  const metadata = { path: `${name}/Chart.yaml`, content: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n` };
  // Random data does not get smaller when it is compressed.
  const contents = Array.from({ length: files }, (_, index) => ({
    path: `${name}/files/${index}`,
    content: randomBytes(FILE_MIB * MIB),
  }));
  const archive = buildArchive([metadata, ...contents]);
  await pushChart(archive, { registry, metadata: { name, version: '1.0.0' }, network: { allow: LOOPBACK } });
}

/** In a process of its own, in which nothing else has taken memory. */
async function peakOf(registry: string, mode: string, flags: readonly string[]): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'coxswain-cache-'));
  try {
    const script = join(import.meta.dirname, 'pull-memory.ts');
    return Number(await succeed(process.execPath, [...flags, script, registry, 'large', '1.0.0', directory, mode]));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
