import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  holdsSecret,
  maskedText,
  maskedValues,
  maskOf,
  withoutSecrets,
  type VersionMask,
} from '../../../../client/recorded/index.ts';
import { atOnce } from '../../../../resources/index.ts';
import { object } from '../../resources/objects.ts';

const PASSWORD = 'c0rrect "horse"/b@ttery ü';
const KEY = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nqx4=\n-----END KEY-----\n';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const indented = (text: string): string => text.replaceAll(/^/gm, '    ');

const maskFor = (secretValues: readonly string[]): VersionMask =>
  atOnce(maskOf({ content: { chart: {} }, values: {}, secretValues: [...secretValues] }));

/** How a template may write a secret, and what of that is shown. */
const FORMS: readonly [string, (secret: string) => string, string][] = [
  ['as it stands', (secret) => secret, '***'],
  ['in a text', (secret) => `db://u:${secret}@db`, 'db://u:***@db'],
  ['in base64', base64, '***'],
  ['in base64 of more', (secret) => `Basic ${base64(`u:${secret}`)}`, 'Basic ***'],
  ['in hexadecimal digits', (secret) => Buffer.from(secret).toString('hex'), '***'],
  ['in JSON', (secret) => JSON.stringify({ p: secret }), '{"p":"***"}'],
  ['in a URL', (secret) => `db://u:${encodeURIComponent(secret)}@db`, 'db://u:***@db'],
  ['indented', (secret) => `key: |\n${indented(secret)}`, 'key: |\n    ***'],
  ['indented in JSON', (secret) => JSON.stringify(`key: |\n${indented(secret)}`), '"key: |\\n    ***"'],
];

describe.each([
  ['a password', PASSWORD],
  ['a short password', 'hunter2'],
  ['a key of several lines', KEY.trimEnd()],
])('%s from a Secret', (_what, secret) => {
  const mask = maskFor([secret]);

  test.each(FORMS)('is masked %s, in objects, values and notes', (_form, write, expected) => {
    const text = write(secret);
    expect(atOnce(maskedText(text, mask))).toBe(expected);
    expect(atOnce(maskedValues({ list: [{ text }] }, mask))).toEqual({ list: [{ text: expected }] });
    expect(atOnce(holdsSecret({ list: [text] }, mask))).toBe(true);
    const item = { source: 'a.yaml', object: object('ConfigMap/c', { data: { text } }) };
    const [shown] = atOnce(withoutSecrets([item], mask));
    expect(shown).toEqual({ ...item, object: { ...item.object, data: { text: expected } } });
  });
});

test('a short secret is masked within a word where a template may have put it', () => {
  const mask = maskFor(['hunter2', '8080']);
  expect(atOnce(maskedText('mysql -phunter2', mask))).toBe('mysql -p***');
  const item = { source: '', object: object('Service/s', { spec: { a: '18080', port: 8080, other: 18_080 } }) };
  expect(atOnce(withoutSecrets([item], mask))[0]?.object['spec']).toEqual({ a: '1***', port: '***', other: 18_080 });
  expect(atOnce(maskedValues({ a: 'hunter22', b: 'hunter2' }, mask))).toEqual({ a: 'hunter22', b: '***' });
});

test('the content of a Secret is hidden, and its other fields are masked', () => {
  const secret = object('Secret/s', { data: { a: 'x' }, stringData: { b: 'y' }, type: 'of-hunter2' });
  const [shown] = atOnce(withoutSecrets([{ source: '', object: secret }], maskFor(['hunter2'])));
  expect(shown?.object).toEqual({ ...secret, data: { a: '***' }, stringData: { b: '***' }, type: 'of-***' });
});

test('a masked text contains no secret in any form', () => {
  const line = fc
    .string({ unit: fc.constantFrom('a', 'b', 'X', '0', '9', '=', '/', ' ', '"'), minLength: 8, maxLength: 30 })
    .map((text) => `k${text.trim()}k1234`);
  const secret = fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'));
  const filling = fc.string({ unit: fc.constantFrom('.', ' ', ',', ';', ':'), maxLength: 5 });
  const forms = FORMS.map(([, write]) => write);
  fc.assert(
    fc.property(
      fc.array(secret, { minLength: 1, maxLength: 5 }),
      fc.array(fc.tuple(filling, fc.nat(), fc.constantFrom(...forms)), { minLength: 1, maxLength: 8 }),
      (secrets, pieces) => {
        const text = pieces
          .map(([before, at, write]) => `${before} ${write(secrets[at % secrets.length] ?? '')}\n`)
          .join(' ');
        const shown = atOnce(maskedText(text, maskFor(secrets)));
        for (const each of secrets) for (const write of forms) expect(shown).not.toContain(write(each));
      },
    ),
    { numRuns: 100, seed: 1 },
  );
});

test('twice as many secrets and texts take twice as many steps, with room for others in between', () => {
  const stepsFor = (count: number): number => {
    const secretValues = Array.from({ length: count }, (_, index) => `secret-number-${index}`);
    const items = secretValues.map((text) => ({ source: '', object: object('ConfigMap/c', { data: { text } }) }));
    const mask = [...countable(maskOf({ content: { chart: {} }, values: {}, secretValues }))].length;
    return mask + [...countable(withoutSecrets(items, maskFor(secretValues)))].length;
  };
  expect(stepsFor(2_000)).toBeGreaterThan(2_000);
  expect(stepsFor(4_000)).toBeLessThanOrEqual(2 * stepsFor(2_000));
  const long = 'secret-number-'.repeat(20_000);
  expect([...countable(maskedText(long, maskFor(['secret-number-1'])))].length).toBeGreaterThan(30);
});

/** The steps of a work, whatever it returns. */
function* countable<T>(steps: Generator<undefined, T>): Generator<undefined, void> {
  yield* steps;
}
