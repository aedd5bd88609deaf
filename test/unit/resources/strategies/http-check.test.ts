import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpCheckJob } from '../../../../resources/index.ts';

// The program of a check, run by this machine's shell and curl as the container would run it. In a pod it runs on a real node.

const hasCurl = spawnSync('curl', ['--version']).status === 0;
const describeWithCurl = hasCurl ? describe : describe.skip;

type Container = { command: [string, ...string[]]; env: { name: string; value: string }[] };

async function check(
  url: string,
  expectedStatus: number,
  { timeoutSeconds = 60, path = process.env['PATH'] } = {},
): Promise<[number, string]> {
  const job = httpCheckJob({ name: 'check', url, expectedStatus, timeoutSeconds, image: 'curl:1' });
  const { spec } = job as unknown as { spec: { template: { spec: { containers: [Container] } } } };
  const [container] = spec.template.spec.containers;
  const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value.replaceAll('$$', '$')]));
  const [program, ...args] = container.command;
  const child = spawn(`/bin/${program}`, args, { env: { ...env, PATH: path }, stdio: ['ignore', 'pipe', 'ignore'] });
  const [[code], log] = await Promise.all([once(child, 'exit') as Promise<[number]>, text(child.stdout)]);
  return [code, log];
}

describeWithCurl('the program of a check', () => {
  let server: Server;
  let origin: string;
  const asked: (string | undefined)[] = [];

  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      asked.push(url);
      const isEarly = url === '/soon' && asked.filter((one) => one === url).length === 1;
      response.writeHead(isEarly ? 503 : Number(/\d{3}/.exec(url ?? '')?.[0] ?? 200)).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });

  test('succeeds once the response is as expected, and requests only the given path', async () => {
    expect(await check(`${origin}/soon`, 200)).toEqual([0, '']);
    expect(await check(`${origin}/301?a=$(id)[1-3]`, 301)).toEqual([0, '']);
    expect(asked).toEqual(['/soon', '/soon', '/301?a=$(id)[1-3]']);
  });

  test('fails with the last response, if it never is', async () => {
    const soon = { timeoutSeconds: 1 };
    expect(await check(`${origin}/500`, 200, soon)).toEqual([1, `${origin}/500 answers 500, not 200\n`]);
    expect(await check('http://127.0.0.1:1/', 200, soon)).toEqual([
      1,
      'http://127.0.0.1:1/ answers nothing, not 200\n',
    ]);
    expect(await check(`${origin}/`, 200, { path: '/nowhere' })).toEqual([1, 'the image has no curl\n']);
  });
});
