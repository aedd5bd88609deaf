import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { HOOK_EVENTS } from '../../../chart-renderer/index.ts';
import { VERBS } from '../../../cli/verbs.ts';
import { CONTENT_FIELDS } from '../../../records/index.ts';
import { declaredValues } from '../crds/declared-types.ts';
import { definitionOf, ownFieldsOf } from '../crds/definitions.ts';

// What the code has one list of is named by the contract, each of it.

const contract = read('docs', 'spec', 'release.md');
const fields = [
  contract,
  ...['failure.md', 'tests.md', 'strategies.md'].map((page) => read('docs', 'spec', page)),
].join();

describe('the contract of a Release', () => {
  test('names every field of the spec', () => {
    const paths = ownFieldsOf(definitionOf('releases')).map(([path]) => path.replaceAll('[]', ''));
    const names = paths.filter((path) => path.startsWith('spec.')).map((path) => path.split('.').at(-1) ?? '');
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(fields))).toEqual([]);
  });

  test('says of every content field that it is content, as does the definition', () => {
    const [told = ''] = /^\*Content\* is .*$(?:\n.+$)*/m.exec(contract) ?? [];
    const [, { description = '' }] = ownFieldsOf(definitionOf('releases')).find(([path]) => path === 'spec') ?? [
      '',
      {},
    ];
    const unnamed = (text: string): string[] => CONTENT_FIELDS.filter((field) => !text.includes(`\`${field}\``));
    expect({ contract: unnamed(told), definition: unnamed(description) }).toEqual({ contract: [], definition: [] });
  });

  test('explains every reason', () => {
    const reasons = declaredValues('Reason');
    expect(reasons.length).toBeGreaterThan(30);
    const [, table = ''] = contract.split('### Reasons');
    expect(reasons.filter((reason) => !table.includes(`\`${reason}\``))).toEqual([]);
  });

  test('names every event of a hook', () => {
    expect(HOOK_EVENTS.filter((event) => !contract.includes(`\`${event}\``))).toEqual([]);
  });
});

test('the guide to kubectl names every command', () => {
  const commands = [...VERBS.keys()];
  const guides = ['kubectl.md', 'compose.md', 'ci.md'].map((guide) => read('docs', guide)).join('\n');
  expect(commands.filter((command) => !guides.includes(`kubectl release ${command}`))).toEqual([]);
});

function read(...path: string[]): string {
  return readFileSync(join(import.meta.dirname, '..', '..', '..', ...path), 'utf8');
}
