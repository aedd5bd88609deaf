import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe } from '@jest/globals';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
/** The state that was published last: a tag, or until there is one, a commit of main. */
const PREVIOUS = process.env['PREVIOUS'] ?? '65f6f1797cc49af887c838b8cf82281c0063270e';
/** Without a package.json of its own, its packages and what processes that render may read are those of this checkout. */
const FILES = ['.', ':(exclude)package.json', ':(exclude)docs', ':(exclude)test'];

/**
 * Describes what is seen beside the previous state of Coxswain, whose folder `tests` gets; where the history does not have it, as in a
 * shallow clone, the tests are skipped, and their title says why.
 */
export function describeWithPrevious(title: string, tests: (folder: string) => void): void {
  mkdirSync(join(REPOSITORY, '.run'), { recursive: true });
  const folder = mkdtempSync(join(REPOSITORY, '.run', 'previous-'));
  const remove = (): void => rmSync(folder, { recursive: true });
  const archive = join(folder, 'previous.tar');
  try {
    execFileSync('git', ['archive', '--output', archive, PREVIOUS, '--', ...FILES], { cwd: REPOSITORY, stdio: 'pipe' });
    execFileSync('tar', ['-xf', archive, '-C', folder]);
  } catch {
    remove();
    describe.skip(`${title} (skipped: git has no commit ${PREVIOUS}, as in a shallow clone)`, () => tests(folder));
    return;
  }
  describe(title, () => {
    afterAll(remove);
    tests(folder);
  });
}
