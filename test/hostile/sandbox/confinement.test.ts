import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSandbox } from '../../../chart-renderer/index.ts';
import { startConfined } from '../../../chart-renderer/sandbox/confined-process.ts';
import { chartOf, CONFIG_MAP, renderIn } from './charts.ts';
import { renderers, TELLS } from './processes.ts';

/** What the thread of a renderer found when it tried what no chart should be able to do: probe-thread.ts. */
interface Findings {
  readonly refusals: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly canDrop: boolean;
}

let findings: Findings;
let connections = 0;

beforeAll(async () => {
  const server = createServer(() => (connections += 1));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  process.env['KUBECONFIG'] = '/secret';
  const settings = JSON.stringify({ port, load: {}, render: {}, objectBytes: 0 });
  const child = startConfined(new URL('./probe-process.ts', import.meta.url), [settings]);
  child.channel?.ref();
  findings = await new Promise<Findings>((resolve, reject) => {
    child.on('message', (message: Partial<Findings>) => message.refusals && resolve(message as Findings));
    child.on('exit', (code) => reject(new Error(`the probe ended with exit code ${code}`)));
  });
  child.kill('SIGKILL');
  server.close();
});

afterAll(() => void delete process.env['KUBECONFIG']);

describe('the thread that renders charts', () => {
  test('is denied whatever it does not need', () => {
    const { refusals, canDrop } = findings;
    // Node 22 cannot take back these two, which starting needs.
    const kept = canDrop ? {} : { 'read its own program': 'done', 'start a thread': 'done' };
    const refused = Object.keys(refusals).map((what) => [what, expect.stringMatching(/ACCESS_DENIED|DLOPEN_DISABLED/)]);
    expect(refusals).toEqual({ ...Object.fromEntries(refused), ...kept });
    expect(Object.keys(refusals).length).toBeGreaterThan(20);
  });

  test('makes no connection', () => {
    expect(connections).toBe(0);
  });

  test('sees no environment variables', () => {
    const { TZ: _zone, ...rest } = findings.environment;
    expect(rest).toEqual({});
  });
});

const onLinux = TELLS ? test : test.skip;

onLinux('the processes of a sandbox are started like that', async () => {
  const sandbox = createSandbox({ workers: 1 });
  await renderIn(sandbox, chartOf(CONFIG_MAP));
  const [renderer, ...others] = renderers();
  sandbox.close();
  expect(others).toEqual([]);
  expect(renderer?.command).toMatch(/ --permission --allow-worker --allow-fs-read=\S+ /);
  expect(renderer?.command.match(/--allow/g)).toHaveLength(2);
  expect(
    renderer?.environment.filter(
      (name) => !['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'TZ'].includes(name),
    ),
  ).toEqual([]);
});
