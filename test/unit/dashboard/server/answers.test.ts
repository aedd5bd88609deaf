import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { ClientError } from '../../../../client/messages/index.ts';
import { endWith, errorAnswerOf, HttpError } from '../../../../dashboard/server/http/answers.ts';
import { KubeError } from '../../../../kube/index.ts';

describe('errors in responses', () => {
  test('are cut, since they may contain what was requested', () => {
    const { body } = errorAnswerOf(new HttpError(400, 'Usage', `there is no "${' '.repeat(1_000_000)}x"`));
    expect(body.error.message).toHaveLength(4_000);
  });

  test.each([
    ['Forbidden', 403],
    ['NotFound', 422],
  ] as const)('say whether a right (%s) was missing when a record cannot be read', (code, status) => {
    const cause = new KubeError(code, 'no');
    expect(errorAnswerOf(new ClientError('Unreadable', 'version 1', { cause })).status).toBe(status);
  });
});

describe('a long answer', () => {
  /** More than the system keeps for a connection. */
  const long = Buffer.alloc(64 * 1024 * 1024);

  async function answered(readMs: number) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const reader = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
    reader.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
    const closing = once(response, 'close');
    endWith(response, long, readMs);
    const close = async (): Promise<void> => {
      reader.destroy();
      server.close();
      await once(server, 'close');
    };
    return { reader, response, closing, close };
  }

  test('that is not read is given up, with the connection', async () => {
    const { response, closing, close } = await answered(20);
    await closing;
    expect(response).toMatchObject({ writableFinished: false, destroyed: true });
    await close();
  });

  test('that is read makes room at once, while the connection stays', async () => {
    const { reader, response, closing, close } = await answered(600_000);
    reader.resume();
    await closing;
    expect([response.writableFinished, reader.destroyed]).toEqual([true, false]);
    await close();
  });
});
