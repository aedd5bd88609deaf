import { createSandbox } from '../../../chart-renderer/index.ts';
import { chartOf, CONFIG_MAP } from './charts.ts';

// Run by sandbox.test.ts as a process of its own, which has to end although its sandbox is never closed.
const { name, version } = await createSandbox().inspect(chartOf(CONFIG_MAP), 'ns');
process.stdout.write(`${name} ${version}\n`);
