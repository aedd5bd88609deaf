import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { askHelper } from '../../../../cli/registry/credential-helper.ts';

const SECRET = 's3cret-7f';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helpers-'));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => rm(join(folder, 'docker-credential-test'), { force: true }));

/** Puts a helper in PATH that is this shell script. */
async function helper(script: string): Promise<void> {
  await writeFile(join(folder, 'docker-credential-test'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}
const ask = (limits = { timeoutMs: 5_000, outputBytes: 10_000 }) =>
  askHelper('test', 'registry.example:5000', { PATH: `${folder}:${process.env['PATH']}` }, limits);

describe('a helper', () => {
  test('gets the server and returns a user and a password', async () => {
    await helper(
      `test "$1" = get && read server; echo "{\\"ServerURL\\":\\"x\\",\\"Username\\":\\"$server\\",\\"Secret\\":\\"${SECRET}\\"}"`,
    );
    await expect(ask()).resolves.toEqual({ username: 'registry.example:5000', password: SECRET });
  });

  test('may return an identity token', async () => {
    await helper(`echo '{"Username":"<token>","Secret":"${SECRET}"}'`);
    await expect(ask()).resolves.toEqual({ identityToken: SECRET });
  });

  test('may know no credentials', async () => {
    await helper('echo "credentials not found in native keychain"; exit 1');
    await expect(ask()).resolves.toBeUndefined();
    await helper('echo \'{"Username":"","Secret":""}\'');
    await expect(ask()).resolves.toBeUndefined();
  });

  test('need not read its input', async () => {
    await helper(`exec <&-; echo '{"Username":"ada","Secret":"${SECRET}"}'`);
    await expect(ask()).resolves.toEqual({ username: 'ada', password: SECRET });
  });

  test.each([
    ['fails', `echo ${SECRET}; echo ${SECRET} >&2; exit 2`, 'exit code 2'],
    ['says no JSON', `echo ${SECRET}`, 'not JSON'],
    ['says something else', `echo '["${SECRET}"]'`, 'no user or secret'],
    ['says nothing', '', 'not JSON'],
    ['says null', 'echo null', 'no user or secret'],
  ])('that %s is an error without its output', async (_, script, reason) => {
    await helper(script);
    const error: Error = await ask().then(
      () => new Error('answered'),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code: 'HelperFailed', message: expect.stringContaining(reason) });
    expect(error.message).not.toContain(SECRET);
  });

  test('with endless output is stopped', async () => {
    await helper('while :; do echo 0123456789012345678901234567890123456789; done');
    await expect(ask()).rejects.toMatchObject({
      code: 'HelperFailed',
      message: expect.stringContaining('10000 bytes'),
    });
  });

  test('that hangs is stopped, and its child processes hold nobody up', async () => {
    await helper('sleep 3600 & sleep 3600');
    await expect(ask({ timeoutMs: 200, outputBytes: 10 })).rejects.toMatchObject({
      code: 'HelperFailed',
      message: expect.stringContaining('200 ms'),
    });
  });

  test('that is not installed is named', async () => {
    await expect(ask()).rejects.toMatchObject({ message: expect.stringContaining('docker-credential-test') });
  });

  test.each(['../../evil', 'a b', '', 'x;id', 'a/b', '.', 'a\n'])('cannot be named %j (R9)', async (name) => {
    await expect(askHelper(name, 'registry.example', process.env)).rejects.toMatchObject({ code: 'HelperFailed' });
  });
});
