import { expect, test } from '@jest/globals';
import { maskedValues, maskOf } from '../../../../client/recorded/index.ts';
import type { Recorded } from '../../../../client/recorded/index.ts';
import type { JsonObject } from '../../../../chart-renderer/index.ts';
import type { ReleaseContent } from '../../../../crds/index.ts';
import { atOnce } from '../../../../resources/index.ts';

const values: JsonObject = {
  db: { password: 'hunter2', pin: 12345, port: 1 },
  list: ['hunter2', ['hunter2']],
  text: 'says hunter2',
  word: 'hunter22',
  on: true,
  none: null,
};
const content: ReleaseContent = { chart: { inline: 'H4sI' } };
const bySecret: ReleaseContent = { ...content, valuesFrom: [{ kind: 'Secret', name: 's', key: 'k' }] };
const shown = (recorded: Recorded): JsonObject => atOnce(maskedValues(recorded.values, atOnce(maskOf(recorded))));

test('texts and numbers from Secrets are masked wherever they occur, except the shortest', () => {
  expect(shown({ content, values, secretValues: ['hunter2', '12345', '1', 'true'] })).toEqual({
    ...values,
    db: { password: '***', pin: '***', port: 1 },
    list: ['***', ['***']],
    text: 'says ***',
  });
});

test.each<[string, ReleaseContent, string]>([
  ['all are masked, where Secrets were read', bySecret, '***'],
  ['none is, where none was', content, 'says hunter2'],
])('in a version that does not record which values came from Secrets, %s', (_what, of, text) => {
  expect(shown({ content: of, values })).toMatchObject({ text });
});

test('a key may have any name', () => {
  const odd = JSON.parse('{"__proto__": {"a": "hunter2"}}') as JsonObject;
  expect(JSON.stringify(shown({ content, values: odd, secretValues: ['hunter2'] }))).toBe('{"__proto__":{"a":"***"}}');
});
