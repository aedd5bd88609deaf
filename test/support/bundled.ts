import { join } from 'node:path';
import { bundleCommand } from '../../tools/command/bundle.ts';
import { writePrograms } from '../../tools/image/programs.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** Jest's contract: what happens before the first test. What is shipped is bundled, and the workers are told where it is. */
export default async function bundled(): Promise<void> {
  const programs = join('.run', 'programs');
  await writePrograms(REPOSITORY, join(REPOSITORY, programs));
  process.env['COXSWAIN_CONTROLLER'] ??= join(programs, 'controller.mjs');
  const command = join(REPOSITORY, '.run', 'command');
  await bundleCommand(command);
  process.env['COXSWAIN_PLUGINS'] ??= command;
}
