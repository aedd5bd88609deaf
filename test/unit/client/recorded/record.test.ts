import { expect, test } from '@jest/globals';
import { maskedValues, secretsAmong } from '../../../../client/recorded/index.ts';
import type { JsonObject } from '../../../../chart-renderer/index.ts';
import type { ReleaseContent } from '../../../../crds/index.ts';

const values: JsonObject = {
  db: { password: 'hunter2', pin: 12345, port: 1 },
  list: ['hunter2', ['hunter2']],
  text: 'says hunter2',
  on: true,
  none: null,
};
const content: ReleaseContent = { chart: { inline: 'H4sI' } };
const bySecret: ReleaseContent = { ...content, valuesFrom: [{ kind: 'Secret', name: 's', key: 'k' }] };

test('texts and numbers that came from Secrets are masked wherever they stand, but for the shortest', () => {
  const secrets = secretsAmong({ content, values, secretValues: ['hunter2', '12345', '1', 'true'] });
  expect(maskedValues(values, secrets)).toEqual({
    ...values,
    db: { password: '***', pin: '***', port: 1 },
    list: ['***', ['***']],
  });
});

test.each<[string, ReleaseContent, string[]]>([
  ['all are masked, where Secrets were read', bySecret, ['hunter2', '12345', 'says hunter2']],
  ['none is, where none was', content, []],
])('of a version that does not tell which came from Secrets, %s', (_what, of, secrets) => {
  expect([...secretsAmong({ content: of, values })]).toEqual(secrets);
});

test('a key may have any name', () => {
  const odd = JSON.parse('{"__proto__": {"a": "hunter2"}}') as JsonObject;
  expect(JSON.stringify(maskedValues(odd, new Set(['hunter2'])))).toBe('{"__proto__":{"a":"***"}}');
});
