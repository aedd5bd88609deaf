import { describe, expect, test } from '@jest/globals';
import { receiverIn, receiverNamesOf } from '../../../../controller/notices/receiver.ts';
import type { KubeObject } from '../../../../resources/index.ts';

const KEY = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');
const HOOK = { url: 'https://example.com/hook', signingKey: `whsec_${KEY}` };

function secret(texts: Record<string, string>): KubeObject {
  const data = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hook' }, data: Object.fromEntries(data) as object };
}

function account(notify: string): KubeObject {
  const annotations = { 'coxswain.dev/notify': notify };
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', annotations } };
}

describe('an account', () => {
  test('names receivers, at most five, each once', () => {
    expect(receiverNamesOf(account(' a, b\nc,,a '))).toEqual(['a', 'b', 'c']);
    expect(receiverNamesOf(account('a b c d e f g'))).toHaveLength(5);
    expect(receiverNamesOf(account('.. ../x a/b Team team'))).toEqual(['team']);
    expect(receiverNamesOf(account(''))).toEqual([]);
    expect(receiverNamesOf(undefined)).toEqual([]);
  });
});

describe('a Secret', () => {
  test('is a receiver of all occasions, by default in the format of CloudEvents', () => {
    const receiver = receiverIn(secret({ ...HOOK, url: `${HOOK.url}\n` }));
    expect(receiver).toMatchObject({ format: 'CloudEvents', signingKeys: [Buffer.from(KEY, 'base64')], ca: undefined });
    expect(receiver).toHaveProperty('url.href', HOOK.url);
    expect(receiver).toHaveProperty('occasions.size', 6);
  });

  test('may have several keys, and name occasions', () => {
    const receiver = receiverIn(secret({ ...HOOK, signingKey: `${KEY} whsec_${KEY}`, occasions: 'Red, Recovered' }));
    expect(receiver).toHaveProperty('signingKeys.length', 2);
    expect(receiver).toHaveProperty('occasions', new Set(['Red', 'Recovered']));
    expect(receiverIn(secret({ url: HOOK.url, format: 'Slack' }))).toMatchObject({ format: 'Slack', signingKeys: [] });
  });

  test.each<[string, Record<string, string>, string]>([
    ['another format', { ...HOOK, format: 'Pigeon' }, 'format'],
    ['no URL', { signingKey: KEY }, 'url'],
    ['a URL of another scheme', { ...HOOK, url: 'file:///etc/passwd' }, 'url'],
    ['a password in the URL', { ...HOOK, url: 'https://me:open-sesame@example.com' }, 'url'],
    ['no key', { url: HOOK.url }, 'signingKey'],
    ['a key that is too short', { ...HOOK, signingKey: 'c2hvcnQ=' }, 'signingKey'],
    ['too many keys', { ...HOOK, signingKey: `${KEY} ${KEY} ${KEY} ${KEY}` }, 'signing keys'],
    ['more text than is worth reading', { ...HOOK, 'ca.crt': 'x'.repeat(50_000) }, '48 KiB'],
    ['an occasion that there is not', { ...HOOK, occasions: 'Red Purple' }, 'occasions'],
  ])('with %s cannot be used, and is not quoted', (_title, texts, what) => {
    const { fault } = receiverIn(secret(texts)) as { fault: string };
    expect(fault).toContain(what);
    for (const text of Object.values(texts)) expect(fault).not.toContain(text);
  });
});
