import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PodLogs } from '../../../../controller/watches/pod-logs.ts';
import { KubeClient } from '../../../../kube/client.ts';
import { runAtOnce } from '../../../../kube/http/exchanges.ts';
import { Transport } from '../../../../kube/http/transport.ts';
import type { EndedRun } from '../../../../resources/index.ts';

const KEY = 'shop/web';

let log: string;
let reads: string[];
let server: Server;
let transport: Transport;
let logs: PodLogs;
let woken: PromiseWithResolvers<string>;

/** Answers as a kubelet does: of the last lines, the first bytes. */
beforeEach(async () => {
  reads = [];
  woken = Promise.withResolvers();
  server = createServer(({ url = '' }, response) => {
    const { searchParams, pathname } = new URL(url, 'http://cluster');
    reads.push(`${pathname.split('/')[6]} ${searchParams.get('tailLines')}`);
    const lines = log.split(/(?<=\n)/).slice(-Number(searchParams.get('tailLines')));
    response.setHeader('content-type', 'text/plain');
    response.end(Buffer.from(lines.join('')).subarray(0, Number(searchParams.get('limitBytes'))));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  transport = new Transport(async () => ({ server: url, headers: {}, tls: {} }), 'test');
  const client = new KubeClient(transport, { unreachable: 'error', inTurns: runAtOnce });
  logs = new PodLogs(client, woken.resolve, async (_key, text) => text.replaceAll('hunter2', '***'));
});

afterEach(async () => {
  await transport.close();
  server.close();
});

function run(pod: string): EndedRun {
  return { pod, uid: pod, container: 'app', restarts: 1, isPrevious: true };
}

test.each([
  ['is the last one', 'one\ntwo\nboom\n', 'boom', ['a 10']],
  [
    'is read alone where those before it are long',
    `${`${'x'.repeat(700)}\n`.repeat(9)}boom\n`,
    'boom',
    ['a 10', 'a 1'],
  ],
  ['has its secrets masked, also where it is alone', `${'x'.repeat(5_000)}\nno hunter2\n`, 'no ***', ['a 10', 'a 1']],
])('the reported line %s', async (_name, text, line, requests) => {
  log = text;
  expect(logs.read(KEY, 'user', [run('a')])).toBeUndefined();
  expect(await woken.promise).toBe(KEY);
  expect(logs.lastLineOf(KEY)(run('a'))).toBe(line);
  expect(reads).toEqual(requests);
});

test('a line that is longer than what is read is not reported', async () => {
  log = `${'x'.repeat(5_000)} hunter2`;
  logs.read(KEY, 'user', [run('long')]);
  while (reads.length < 2) await once(server, 'request');
  log = 'boom';
  logs.read('other/web', 'user', [run('b')]);
  await woken.promise;
  expect(logs.lastLineOf(KEY)(run('long'))).toBeUndefined();
});

test('a run whose turn has not come is due again, until it has been read', async () => {
  log = 'boom\n';
  logs.read(KEY, 'user', [run('a')]);
  await woken.promise;
  expect(logs.read(KEY, 'user', [run('a')])).toBeUndefined();
  expect(logs.read(KEY, 'user', [run('a'), run('b')])).toBeGreaterThan(0);
  expect(reads).toEqual(['a 10']);
});

test('a hook waits for a log until it is read, and then has its lines, without colours and secrets', async () => {
  log = 'one\n\u001b[31mhunter2\u001b[0m\n\ntwo\n';
  expect(logs.isAwaited(KEY, run('a'))).toBe(true);
  expect(logs.lastLinesOf(KEY, run('a'))).toBeUndefined();
  logs.read(KEY, 'user', [run('a')]);
  expect(logs.isAwaited(KEY, run('a'))).toBe(true);
  await woken.promise;
  expect(logs.isAwaited(KEY, run('a'))).toBe(false);
  expect(logs.lastLinesOf(KEY, run('a'))).toEqual(['one', '***', 'two']);
  expect(logs.lastLinesOf(KEY, { ...run('a'), restarts: 2 })).toBeUndefined();
});
