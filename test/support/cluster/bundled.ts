import { join } from 'node:path';
import { writePrograms } from '../../../tools/image/programs.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
const FOLDER = join('.run', 'programs');

/** Jest's contract: what happens before the first test. The programs are bundled as for the image, and the workers are told where they are. */
export default async function bundled(): Promise<void> {
  await writePrograms(REPOSITORY, join(REPOSITORY, FOLDER));
  process.env['COXSWAIN_CONTROLLER'] ??= join(FOLDER, 'controller.mjs');
}
