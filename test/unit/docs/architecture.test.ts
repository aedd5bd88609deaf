import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

// The page is read beside the code: what it names is where it says, and the way that it shows stays short.

const ROOT = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(ROOT, 'docs', 'architecture.md'), 'utf8');
const [, path = ''] = /\n step     function(.*?)```/s.exec(page) ?? [];

/** The functions of the path of one event, in its order, with their files. */
const steps = path.split('\n').flatMap((line) => {
  const [, name] = /^.{10}\W*(\w+) /.exec(line) ?? [];
  const [, file] = /  ([a-z-]+\/[a-z/-]+\.ts)\)?$/.exec(line) ?? [];
  return name === undefined || file === undefined ? [] : [{ name, file }];
});

test('the path of one event names existing functions in their files', () => {
  expect(steps.length).toBeGreaterThan(15);
  const lost = steps.filter(({ name, file }) => !new RegExp(`function ${name}\\b`).test(codeOf(file)));
  expect(lost).toEqual([]);
});

test('the path of one event enters no room more than three times', () => {
  const rooms = steps.map(({ file }) => file.split('/', 1)[0] ?? '');
  const stays = rooms.filter((room, index) => room !== rooms[index - 1]);
  const counts = [...Map.groupBy(stays, (room) => room)].map(([room, { length }]) => [room, length]);
  expect(counts.filter(([, count]) => Number(count) > 3)).toEqual([]);
});

test('every room of the controller is in the table', () => {
  const table = page.split('| room | holds |')[1]?.split('\n\n', 1)[0] ?? '';
  const rooms = readdirSync(join(ROOT, 'controller'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(rooms.map(({ name }) => name).filter((name) => !table.includes(`\`${name}/\``))).toEqual([]);
});

function codeOf(file: string): string {
  const path = join(ROOT, 'controller', file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
