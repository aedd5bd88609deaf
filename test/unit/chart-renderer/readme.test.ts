import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const folder = join(import.meta.dirname, '..', '..', '..', 'chart-renderer');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

test("the README's example prints what the README says", () => {
  const [example, output] = [...readme.matchAll(/```\w+\n(import .*?|apiVersion.*?)```/gs)].map(
    ([, text]) => text ?? '',
  );
  const args = ['--no-warnings', '--input-type=module-typescript', '-'];
  const printed = execFileSync(process.execPath, args, { cwd: folder, input: example ?? '', encoding: 'utf8' });
  expect(printed).toBe(output);
});
