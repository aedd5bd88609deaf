import { afterEach, expect, test } from '@jest/globals';
import { LOOPBACK, postOnce, PRIVATE } from '../../../../registry-client/index.ts';
import { serve, stopServers } from '../support/server.ts';

const LOCAL = { network: { allow: LOOPBACK } };
const MESSAGE = { headers: { 'content-type': 'application/json' }, body: '{}' };

afterEach(stopServers);

test('a body is posted once, and the response returned without its body', async () => {
  const server = await serve((_request, response) => {
    response.writeHead(503, { 'retry-after': '7' });
    response.write('x'.repeat(1_000));
    // The rest never comes.
  });
  const posted = await postOnce(new URL(`${server.origin}/hook?a=b`), MESSAGE, LOCAL);
  expect(posted).toEqual({ status: 503, retryAfterMs: 7_000 });
  expect(server.requests).toMatchObject([{ method: 'POST', path: '/hook?a=b', authorization: undefined }]);
});

test('a redirect is returned, not followed', async () => {
  const other = await serve((_request, response) => void response.end());
  const server = await serve((_request, response) => void response.writeHead(307, { location: other.origin }).end());
  expect(await postOnce(new URL(server.origin), MESSAGE, LOCAL)).toMatchObject({ status: 307 });
  expect(other.requests).toEqual([]);
});

test.each([
  'https://10.1.2.3',
  'https://[::ffff:172.16.0.1]',
  'https://192.168.1.1',
  'https://[fd12::1]',
  'https://100.64.0.1',
])('nothing is posted to %s where private addresses are refused', async (url) => {
  const posting = postOnce(new URL(url), MESSAGE, { network: { refuse: PRIVATE } });
  await expect(posting).rejects.toMatchObject({ code: 'HostRefused' });
});

test('a signal aborts an unanswered request', async () => {
  const stop = new AbortController();
  const server = await serve(() => stop.abort(new Error('enough')));
  await expect(postOnce(new URL(server.origin), MESSAGE, { ...LOCAL, signal: stop.signal })).rejects.toThrow('enough');
});
