import { expect, test } from '@jest/globals';
import { refuseReplacedSecrets, secretValuesOf } from '../../../../../cli/release/change/secret-values.ts';

const given = (...assignments: string[]) =>
  secretValuesOf('web', { 'set-secret': assignments, 'set-secret-file': [] }, false);

test('each path has its own key, and the last text of a path counts', async () => {
  const { secret, texts, references } = await given(
    'db.password=a',
    'users[0].key=b',
    'users_0_.key=c',
    'db.password=d=e',
  );
  expect(secret).toBe('web-release-values');
  expect(Object.values(texts)).toEqual(['d=e', 'b', 'c']);
  expect(new Set(references.map(({ key }) => key)).size).toBe(3);
  expect(references.filter(({ key }) => !/^[-._a-zA-Z0-9]+$/.test(key))).toEqual([]);
  expect(references.map(({ targetPath }) => targetPath)).toEqual(['db.password', 'users[0].key', 'users_0_.key']);
});

test.each([
  [{ db: { password: 'open' } }, true],
  [{ db: 'all of it' }, true],
  [{ db: { user: 'u' } }, false],
  [{ other: 1 }, false],
])('a secret value that %j would override is refused: %p', async (values, isRefused) => {
  const refusal = refuseReplacedSecrets(values, await given('db.password=x'));
  await (isRefused ? expect(refusal).rejects.toThrow('db.password is also set openly') : refusal);
});

test('nothing is written in a dry run', async () => {
  const flags = { 'set-secret': ['a=b'], 'set-secret-file': [] };
  await expect(secretValuesOf('web', flags, true)).rejects.toThrow('--dry-run writes nothing');
});
