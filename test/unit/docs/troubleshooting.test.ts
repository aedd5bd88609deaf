import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { declaredValues } from '../crds/declared-types.ts';

// The guide to trouble has whatever the code may say.

const root = join(import.meta.dirname, '..', '..', '..');
const guide = read('docs', 'troubleshooting.md');
const [reasons = '', causes = ''] = guide.split('## By the words of a cause');
const rules = readdirSync(join(root, 'resources', 'health'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => read('resources', 'health', file));

test('has every reason in conditions and events', () => {
  const all = declaredValues('Reason');
  expect(all.length).toBeGreaterThan(30);
  expect(all.filter((reason) => !reasons.includes(`\`${reason}\``))).toEqual([]);
});

test('has every reason for which a container never starts', () => {
  const broken = /BROKEN = new Set\(\[([^\]]*)\]/.exec(rules.find((text) => text.includes("'CrashLoopBackOff'")) ?? '');
  const all = [...(broken?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, reason = '']) => reason);
  expect(all.length).toBeGreaterThan(5);
  expect(all.filter((reason) => !causes.includes(`\`${reason}\``))).toEqual([]);
});

test('quotes causes in the words of the messages', () => {
  const quoted = [...causes.matchAll(/^\| `([a-z][^`]*)`/gm)].map(([, words = '']) => words);
  // The API server's words.
  const ours = quoted.filter((words) => words !== 'failed calling webhook');
  expect(ours.length).toBeGreaterThan(8);
  const told = [...rules, read('controller', 'status', 'report.ts'), read('controller', 'status', 'rows.ts')].join(
    '\n',
  );
  expect(ours.filter((words) => !told.includes(words))).toEqual([]);
});

function read(...path: string[]): string {
  return readFileSync(join(root, ...path), 'utf8');
}
