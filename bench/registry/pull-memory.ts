// The process in which a pull is measured: pulls one chart into a cache, has it loaded in a sandbox where that is asked for, and
// prints how many MiB it took at most beyond what it took when it was idle.
import { setTimeout as delay } from 'node:timers/promises';
import { createSandbox } from '../../chart-renderer/index.ts';
import { ChartCache, LOOPBACK, pullChart } from '../../registry-client/index.ts';

const MIB = 1024 * 1024;
const SAMPLE_EVERY_MS = 5;

const [registry = '', name = '', version = '', directory = '', loading = 'not-loaded'] = process.argv.slice(2);
const cache = new ChartCache({ directory });
const source = { registry, network: { allow: LOOPBACK }, limits: { chartBytes: 64 * MIB }, cache };
// The code itself, its first connection, and the renderer's process are part of being idle.
await pullChart({ ...source, name: 'small', version: '1.0.0' });
const sandbox = loading === 'loaded' ? createSandbox({ workers: 1 }) : undefined;
await delay(500);

const idle = process.memoryUsage.rss();
let peak = idle;
const sampling = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), SAMPLE_EVERY_MS);
const { chartDigest, content } = await pullChart({ ...source, name, version });
await sandbox?.inspect({ digest: chartDigest, read: content.read }, 'bench');
peak = Math.max(peak, process.memoryUsage.rss());
clearInterval(sampling);
sandbox?.close();
process.stdout.write(`${((peak - idle) / MIB).toFixed(1)}\n`);
