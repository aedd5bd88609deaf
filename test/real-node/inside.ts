// What runs in the namespaces of a run: it starts the cluster, then the command with what it needs in its environment, and ends as that ends.
// Argument: the file with the plan.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { startRealNode, type Plan } from './node/start.ts';

const plan = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Plan;
const realNode = await startRealNode(plan).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
const file = join(plan.directory, 'real-node.json');
await writeFile(file, JSON.stringify(realNode));
// Last, so that they put no other version of anything before what is in use.
const folders = [process.env['PATH'] ?? '', dirname(plan.binaries.kubectl), dirname(plan.binaries.helm)];
const environment = { KUBECONFIG: realNode.kubeconfig, REAL_NODE: file, PATH: folders.join(':') };
await writeFile(join(plan.directory, 'environment.json'), JSON.stringify(environment));
const [program = '', ...args] = plan.command;
const child = spawn(program, args, {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, ...environment },
});
const [code] = (await once(child, 'exit')) as [number | null];
process.exit(code ?? 1);
