import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import type { ServerAccess } from '../../../../kube/access/credentials.ts';
import { Transport } from '../../../../kube/http/transport.ts';

test('certificates are read once for as long as the credentials are the same', async () => {
  const server = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  let looks = 0;
  const tls = {
    get ca(): string {
      looks += 1;
      return 'a certificate';
    },
  };
  const access: ServerAccess = {
    server: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    headers: {},
    tls,
  };
  const transport = new Transport(() => Promise.resolve(access), 'test');
  const send = (): Promise<unknown> =>
    transport.send({ attempt: { verb: 'get', resource: 'things' }, method: 'GET', path: '/things' });
  await send();
  const looksOfTheFirst = looks;
  for (let request = 0; request < 5; request += 1) await send();
  expect(looks).toBe(looksOfTheFirst);
  await transport.close();
  server.close();
});
