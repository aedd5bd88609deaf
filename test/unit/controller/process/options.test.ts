import { describe, expect, test } from '@jest/globals';
import { parseOptions } from '../../../../controller/process/options.ts';

describe('parseOptions', () => {
  test('has defaults for everything', () => {
    expect(parseOptions([], {})).toEqual({
      kubeconfig: undefined,
      context: undefined,
      namespaces: [],
      workers: 8,
      cacheDirectory: '/var/cache/coxswain',
      plainHttpHosts: [],
      proxy: {},
      tokenServers: new Map(),
      loopback: 'refused',
      registries: expect.anything(),
      allowedAddresses: [],
      refusedAddresses: [],
      notify: { allowsHost: expect.anything(), allowedAddresses: [] },
      maxChartMib: 20,
      rendering: {
        workers: undefined,
        limits: { timeoutMs: 10_000, memoryMb: 256, render: { outputBytes: 32 * 1024 * 1024 } },
      },
      discoveryIntervalMs: 30_000,
      leaderElection: 'on',
      leaseNamespace: 'coxswain-system',
      healthPort: undefined,
      webhook: undefined,
      logLevel: 'info',
    });
  });

  test.each<[string[], object]>([
    [['--kubeconfig', 'config', '--context=dev'], { kubeconfig: 'config', context: 'dev' }],
    [['--namespace', 'shop', '--workers=2'], { namespaces: ['shop'], workers: 2 }],
    [['--namespace=shop', '--namespace=web', '--namespace=shop'], { namespaces: ['shop', 'web'] }],
    [['--allow-plain-http', 'a:5000', '--allow-plain-http=b'], { plainHttpHosts: ['a:5000', 'b'] }],
    [['--allow-loopback'], { loopback: 'allowed' }],
    [
      ['--token-server=Registry.example.com=https://gitlab.example.com/jwt/auth', '--token-server', 'a:5000=https://b'],
      {
        tokenServers: new Map([
          ['registry.example.com', ['https://gitlab.example.com']],
          ['a:5000', ['https://b']],
        ]),
      },
    ],
    [
      ['--render-workers=3', '--render-timeout=1m5s', '--render-memory', '512', '--render-output', '8'],
      { rendering: { workers: 3, limits: { timeoutMs: 65_000, memoryMb: 512, render: { outputBytes: 8_388_608 } } } },
    ],
    [['--leader-election=false'], { leaderElection: 'off' }],
    [['--leader-election=true', '--lease-namespace=ops'], { leaderElection: 'on', leaseNamespace: 'ops' }],
    [['--health-port', '8080', '--log-level', 'debug'], { healthPort: 8080, logLevel: 'debug' }],
    [['--allow-registry-address', '10.1.0.0/16'], { allowedAddresses: ['10.1.0.0/16'] }],
    [
      ['--allow-notify-address', '10.2.0.0/16'],
      { notify: expect.objectContaining({ allowedAddresses: ['10.2.0.0/16'] }) },
    ],
    [['--refuse-registry-address=fd00::/8'], { refusedAddresses: ['fd00::/8'] }],
    [
      ['--webhook-port=9000', '--webhook-secret-file=f'],
      { webhook: { port: 9000, secretFile: 'f', service: undefined } },
    ],
    [['--max-chart-mib', '50'], { maxChartMib: 50 }],
    [['--cache-dir', 'charts'], { cacheDirectory: 'charts' }],
  ])('reads %j', (args, expected) => {
    expect(parseOptions(args)).toMatchObject(expected);
  });

  test('asks for help whatever else is given', () => {
    expect(parseOptions(['--help', '--workers', 'many'])).toBe('help');
  });

  test.each([
    [['--workers', '0'], '--workers'],
    [['--webhook-port', '9000'], '--webhook-secret-file'],
    [['--allow-registry', 'https://example.com'], 'https://example.com'],
    [['--allow-registry-address', 'example.com'], '--allow-registry-address'],
    [['--refuse-registry-address', '10.0.0.0/33'], '--refuse-registry-address'],
    [['--workers', '1.5'], '--workers'],
    [['--workers', 'many'], '--workers'],
    [['--workers', ''], '--workers'],
    [['--health-port', '-1'], '--health-port'],
    [['--render-workers', '0'], '--render-workers'],
    [['--render-timeout', '10'], '--render-timeout'],
    [['--render-timeout', '0s'], '--render-timeout'],
    [['--leader-election', 'maybe'], '--leader-election'],
    [['--log-level', 'loud'], '--log-level'],
    [['--unheard-of'], '--unheard-of'],
    [['--kubeconfig'], '--kubeconfig'],
    [['install'], 'install'],
  ])('refuses %j, naming %s', (args, named) => {
    expect(() => parseOptions(args)).toThrow(named);
  });
});
