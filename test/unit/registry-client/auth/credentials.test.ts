import { describe, expect, test } from '@jest/globals';

import { RegistryError, credentialsFor } from '../../../../registry-client/index.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const configOf = (auths: unknown, more: object = {}): string => JSON.stringify({ auths, ...more });
const named = (username: string): object => ({ username, password: 'p' });

describe('credentials in a docker configuration', () => {
  test.each([
    ['auth, split at its first colon', { auth: base64('ada:pass:word') }, { username: 'ada', password: 'pass:word' }],
    ['user and password', { username: 'ada', password: 'p' }, { username: 'ada', password: 'p' }],
    ['an identity token', { auth: base64('<token>:'), identitytoken: 't' }, { identityToken: 't' }],
    ['a registry token', { registrytoken: 't' }, { registryToken: 't' }],
    ['nothing', {}, undefined],
  ])('%s', (_, entry, credentials) => {
    expect(credentialsFor(configOf({ 'example.com': entry }), 'example.com')).toEqual(credentials);
  });

  test.each([
    ['example.com', 'example.com', true],
    ['https://example.com/v2/', 'example.com', true],
    ['example.com:443', 'example.com', true],
    ['EXAMPLE.com', 'example.com', true],
    ['example.com', 'example.com:5000', false],
    ['example.com:5000', 'example.com', false],
    ['example.com', 'evil.example.com', false],
    ['example.com', 'example.com.evil.org', false],
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', 'a.b.example.com', false],
    ['*.example.com', 'example.com', false],
    ['example.com/team', 'example.com/team/web', true],
    ['example.com/team', 'example.com/teammate/web', false],
    ['example.com/team', 'example.com', false],
    ['https://index.docker.io/v1/', 'docker.io/library/web', true],
    ['.*', 'example', false],
  ])('the entry %p for %p: %p', (key, host, fits) => {
    const found = credentialsFor(configOf({ [key]: named('ada') }), host);
    expect(found).toEqual(fits ? { username: 'ada', password: 'p' } : undefined);
  });

  test('the most specific entry wins, in any order', () => {
    const auths = {
      '*.example.com': named('glob'),
      'a.example.com/team': named('team'),
      'a.example.com': named('host'),
    };
    const userOf = (host: string): unknown => credentialsFor(configOf(auths), host);
    expect(userOf('a.example.com/team/web')).toMatchObject({ username: 'team' });
    expect(userOf('a.example.com/other')).toMatchObject({ username: 'host' });
    expect(userOf('b.example.com')).toMatchObject({ username: 'glob' });
  });

  test('helpers are never run (R9)', () => {
    const helpers = { credsStore: '../../evil', credHelpers: { 'example.com': '../../evil' } };
    expect(credentialsFor(configOf({}, helpers), 'example.com')).toBeUndefined();
  });

  test.each([
    ['no JSON', '{"auths": {"example.com": {"auth": "hunter2'],
    ['no auths', '{"example.com": {"password": "hunter2"}}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['an entry that is text', configOf({ 'example.com': 'hunter2' })],
    ['auth without a colon', configOf({ 'example.com': { auth: base64('hunter2') } })],
    ['a newline in auth', configOf({ 'example.com': { auth: base64('ada:hunter2\r\nHost: evil') } })],
    ['a newline in a token', configOf({ 'example.com': { registrytoken: 'hunter2\nHost: evil' } })],
    ['a colon in the user', configOf({ 'example.com': { username: 'a:b', password: 'hunter2' } })],
  ])('%s is refused without showing a secret (R9)', (_, config) => {
    const read = (): unknown => credentialsFor(config, 'example.com');
    expect(read).toThrow(RegistryError);
    expect(read).toThrow(expect.objectContaining({ code: 'InvalidCredentials' }));
    expect(read).not.toThrow('hunter2');
    expect(read).not.toThrow(base64('hunter2'));
  });

  test('names with a meaning in JavaScript are ordinary names', () => {
    expect(credentialsFor('{"auths":{"__proto__":{"auth":"x"}}}', 'constructor')).toBeUndefined();
  });
});
