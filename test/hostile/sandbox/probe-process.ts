import { Worker } from 'node:worker_threads';

// Run by confinement.test.ts in place of the sandbox's host.ts, with the same rights: it has a thread try what that leaves.
const thread = new Worker(new URL('./probe-thread.ts', import.meta.url), {
  workerData: JSON.parse(process.argv[2] ?? ''),
});
thread.on('message', (message) => process.send?.(message));
