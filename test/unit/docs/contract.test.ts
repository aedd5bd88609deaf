import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from '@jest/globals';
import { HOOK_EVENTS } from '../../../chart-renderer/index.ts';

// What the code has one list of is named by the contract, each of it.

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

interface Definition {
  spec: { versions: { schema: { openAPIV3Schema: Schema } }[] };
}

const contract = read('docs', 'spec', 'release.md');

describe('the contract of a Release', () => {
  test('names every field of the spec', () => {
    const names = Object.keys(fieldsOf(schemaOf('releases').properties?.['spec'] ?? {}));
    expect(names.length).toBeGreaterThan(20);
    const contract = read('docs', 'spec', 'release.md');
    expect(names.filter((name) => !new RegExp(`\\b${name.split('.').at(-1)}\\b`).test(contract))).toEqual([]);
  });

  test('explains every reason', () => {
    const union = /export type Reason =([^;]*);/.exec(read('crds', 'conditions.ts'))?.[1] ?? '';
    const reasons = [...union.matchAll(/\| '(\w+)'/g)].map(([, reason = '']) => reason);
    expect(reasons.length).toBeGreaterThan(30);
    const [, table = ''] = contract.split('### Reasons');
    expect(reasons.filter((reason) => !table.includes(`\`${reason}\``))).toEqual([]);
  });

  test('names every event of a hook', () => {
    const named = HOOK_EVENTS.filter((event) => {
      const [when = '', ...what] = event.split('-');
      return contract.includes(event) || (contract.includes(`\`${when}-`) && contract.includes(what.join('-')));
    });
    expect(named).toEqual(HOOK_EVENTS);
  });
});

test.each(['releases', 'releasehistories'])('kubectl explains every field of %s', (plural) => {
  const { apiVersion: _, kind: __, metadata: ___, ...properties } = schemaOf(plural).properties ?? {};
  const fields = fieldsOf({ properties });
  const bare = Object.keys(fields).filter((path) => (fields[path] ?? '') === '');
  expect(bare).toEqual([]);
});

test('the guide of kubectl, and the command itself, name every command', () => {
  const source = read('cli', 'release.ts');
  const commands = [...source.matchAll(/^ {2}\['([a-z]+)', \(\) => import/gm)].map(([, command = '']) => command);
  expect(commands.length).toBeGreaterThan(10);
  const guides = ['kubectl.md', 'compose.md', 'ci.md'].map((guide) => read('docs', guide)).join('\n');
  expect(commands.filter((command) => !guides.includes(`kubectl release ${command}`))).toEqual([]);
  const [, usage = ''] = /const USAGE = `([^`]*)`/.exec(source) ?? [];
  expect(commands.filter((command) => !new RegExp(`^  ${command} `, 'm').test(usage))).toEqual([]);
});

function schemaOf(plural: string): Schema {
  const [version] = (load(read('crds', `${plural}.yaml`)) as Definition).spec.versions;
  return version?.schema.openAPIV3Schema ?? {};
}

/** The description of each field, by its path. */
function fieldsOf({ properties = {}, items }: Schema, path = ''): Record<string, string | undefined> {
  const own = Object.entries(properties).flatMap(([name, child]) => [
    [`${path}${name}`, child.description] as const,
    ...Object.entries(fieldsOf(child, `${path}${name}.`)),
  ]);
  return { ...Object.fromEntries(own), ...(items ? fieldsOf(items, path) : {}) };
}

function read(...path: string[]): string {
  return readFileSync(join(import.meta.dirname, '..', '..', '..', ...path), 'utf8');
}
