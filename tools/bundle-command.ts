// Makes the command that is installed: dist/command, or the folder that is named.
import { join } from 'node:path';
import { bundleCommand } from './command/bundle.ts';

const directory = process.argv[2] ?? join(import.meta.dirname, '..', 'dist', 'command');
await bundleCommand(directory);
process.stdout.write(`${directory}\n`);
