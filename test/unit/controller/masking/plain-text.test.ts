import { expect, test } from '@jest/globals';
import { KnownSecrets } from '../../../../controller/masking/known-secrets.ts';
import { maskedStatus } from '../../../../controller/masking/status.ts';
import { atOnce, plainText } from '../../../../resources/index.ts';
import { object } from '../../resources/objects.ts';
import { release } from '../releases.ts';

test.each([
  ['Grüße 🚀 👩‍💻\n\tat a', 'Grüße 🚀 👩‍💻\n\tat a'],
  ['cut \ud83d…', 'cut �…'],
  ['\ude80 cut', '� cut'],
  ['\ude80\ud83d', '��'],
  ['a\u0000b\u001b[2Jc\rd\u007fe', 'a�b�[2Jc�d�e'],
  ['a\u0085b\u009bc\u2028d', 'a�b�c�d'],
  ['a\ufffeb\uffffc\ufeff', 'a�b�c�'],
  ['a\u202eb\u2066c\u200fd\u061c', 'a�b�c�d�'],
])('from %j, characters that no screen shows or no server accepts are removed', (text, plain) => {
  expect(plainText(text)).toBe(plain);
});

test('every text that leaves the controller is cleaned so, with secrets or without', () => {
  const secrets = new KnownSecrets();
  expect(secrets.mask('shop/web', '\ud83d')).toBe('�');
  secrets.begin('shop/web', release());
  expect(secrets.mask('shop/web', '\u0085')).toBe('�');
  secrets.learnObject('shop/web', object('Secret/a', { stringData: { a: 'hunt\u0007er22' } }));
  expect(secrets.mask('shop/web', 'hunt\u0007er22 \ud83d')).toBe('*** �');
  expect(atOnce(secrets.maskOnlyInSteps('shop/web', 'hunt\u0007er22 \u001b[1m'))).toBe('*** \u001b[1m');
});

test('so is each message in a status', () => {
  const message = 'x\ud83d';
  const row = { group: '', version: 'v1', kind: 'Pod', namespace: 'shop', name: 'a', health: 'Red' as const, message };
  const secrets = new KnownSecrets();
  const mask = (text: string): Generator<undefined, string> => secrets.maskInSteps('shop/web', text);
  expect(atOnce(maskedStatus({ message, resources: [row] }, undefined, mask))).toMatchObject({
    message: 'x�',
    resources: [{ message: 'x�' }],
  });
});
