import { parseArgs } from 'node:util';
import { isIP } from 'node:net';
import { allowedRegistries, type AllowedRegistries } from '../charts/allowed-registries.ts';
import { RENDER_LIMITS, SANDBOX_LIMITS, type SandboxOptions } from '../../chart-renderer/index.ts';
import { proxyRules, proxySettingsIn, type ProxySettings } from '../../registry-client/index.ts';
import { durationMs } from '../pass/duration.ts';
import { traceSettings, type TraceSettings } from '../traces/settings.ts';
import { LEVELS, type Level } from './log.ts';

/** What the command line asks for. */
export interface Options {
  kubeconfig: string | undefined;
  context: string | undefined;
  /** Where Releases are reconciled; everywhere if empty. */
  namespaces: string[];
  workers: number;
  cacheDirectory: string;
  plainHttpHosts: string[];
  proxy: ProxySettings;
  loopback: 'allowed' | 'refused';
  registries: AllowedRegistries;
  /** Origins of token servers, by the registry, `host[:port]`, that they give tokens for. */
  tokenServers: ReadonlyMap<string, readonly string[]>;
  /** CIDRs. */
  allowedAddresses: string[];
  refusedAddresses: string[];
  /** Where notices may be sent. */
  notify: { allowsHost: AllowedRegistries['allowsHost']; allowedAddresses: string[] };
  maxChartMib: number;
  rendering: SandboxOptions;
  discoveryIntervalMs: number;
  leaderElection: 'on' | 'off';
  leaseNamespace: string;
  healthPort: number | undefined;
  metricsPort: number | undefined;
  /** The port and the file are given together, or neither is. */
  webhook: { port: number; secretFile: string; service: string | undefined } | undefined;
  /** Where traces are sent, if the environment names a collector. */
  traces: TraceSettings | undefined;
  logLevel: Level;
}

const MIB = 1024 * 1024;

/** The text of `--help`. */
export const USAGE = `usage: coxswain-controller [flags]

  --kubeconfig FILE         cluster and credentials; default: $KUBECONFIG, the pod's service account, ~/.kube/config
  --context NAME            the kubeconfig's context to use
  --namespace NAME          reconcile only the Releases in this namespace, for which Roles suffice; may be repeated
  --workers N               how many Releases to work on at a time (default 8)
  --cache-dir DIR           where pulled charts are kept (default /var/cache/coxswain)
  --allow-plain-http HOST   a registry, or a receiver of notices, host[:port], that may be reached without TLS; may be repeated
  --allow-loopback          allow charts from loopback addresses (for development)
  --allow-registry PATTERN  where charts may come from: host, host:port, *.domain or host/path; may be repeated (default: anywhere)
  --token-server HOST=URL   a token server on another host that may be told the credentials for that registry; may be repeated
  --allow-registry-address CIDR   addresses in the cluster that may be reached, for a registry in it; may be repeated
  --refuse-registry-address CIDR  addresses that may never be reached, such as those of pods and nodes; may be repeated
  --allow-notify-host HOST  where notices may be sent: host, host:port or *.domain; may be repeated (default: anywhere)
  --allow-notify-address CIDR     private addresses, or others in the cluster, to which notices may be sent; may be repeated
  --max-chart-mib N         the largest packaged chart, in MiB (default 20)
  --render-workers N        the most processes that render charts (default: one for each CPU, at least two, at most four)
  --render-timeout DURATION the processor time that a chart may take (default ${SANDBOX_LIMITS.timeoutMs / 1000}s)
  --render-memory MIB       the heap that a chart may fill (default ${SANDBOX_LIMITS.memoryMb}); its process may take 384 more
  --render-output MIB       the most output that a chart may render (default ${RENDER_LIMITS.outputBytes / MIB})
  --discovery-interval DURATION   how often to look for APIs that come and go, for charts that ask for them (default 30s)
  --leader-election=false   do not compete for the lease; only if no other controller runs
  --lease-namespace NAME    namespace of the lease (default coxswain-system)
  --health-port N           serve /healthz and /readyz on this port
  --metrics-port N          serve /metrics, for Prometheus, on this port
  --webhook-port N          serve /hooks/registry, for notifications of pushes from registries, on this port
  --webhook-secret-file F   secrets that authenticate notifications, one per line, each of at least 16 characters
  --webhook-service NAME    a Service without a selector, in the lease's namespace, to point at the leader ($POD_IP)
  --log-level LEVEL         ${LEVELS.join(', ')} (default info)

Registries and receivers of notices are reached through the proxies given by HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
OTEL_EXPORTER_OTLP_ENDPOINT names a collector to which traces are sent; the other variables of OpenTelemetry's exporter say how.
`;

/** Reads the command line; throws an Error that names the flag that it cannot take. */
export function parseOptions(args: string[], environment: NodeJS.ProcessEnv = process.env): Options | 'help' {
  const { values } = parseArgs({ args, allowPositionals: false, options: FLAGS });
  if (values.help) return 'help';
  return {
    kubeconfig: values.kubeconfig,
    context: values.context,
    namespaces: [...new Set(values.namespace)].map(namespaceOf),
    workers: positive('workers', values.workers),
    cacheDirectory: values['cache-dir'],
    plainHttpHosts: values['allow-plain-http'],
    proxy: proxiesIn(environment),
    loopback: values['allow-loopback'] ? 'allowed' : 'refused',
    registries: allowedRegistries(values['allow-registry']),
    tokenServers: tokenServersOf(values['token-server']),
    allowedAddresses: values['allow-registry-address'].map((cidr) => cidrOf('allow-registry-address', cidr)),
    refusedAddresses: values['refuse-registry-address'].map((cidr) => cidrOf('refuse-registry-address', cidr)),
    notify: {
      allowsHost: allowedRegistries(values['allow-notify-host']).allowsHost,
      allowedAddresses: values['allow-notify-address'].map((cidr) => cidrOf('allow-notify-address', cidr)),
    },
    maxChartMib: positive('max-chart-mib', values['max-chart-mib']),
    rendering: {
      workers: ifGiven(values['render-workers'], (text) => positive('render-workers', text)),
      limits: {
        timeoutMs: duration('render-timeout', values['render-timeout']),
        memoryMb: positive('render-memory', values['render-memory']),
        render: { outputBytes: positive('render-output', values['render-output']) * MIB },
      },
    },
    discoveryIntervalMs: duration('discovery-interval', values['discovery-interval']),
    leaderElection: oneOf('leader-election', values['leader-election'], ['true', 'false']) === 'true' ? 'on' : 'off',
    leaseNamespace: values['lease-namespace'],
    healthPort: ifGiven(values['health-port'], (text) => positive('health-port', text)),
    metricsPort: ifGiven(values['metrics-port'], (text) => positive('metrics-port', text)),
    webhook: webhookOf(values),
    traces: traceSettings(environment),
    logLevel: oneOf('log-level', values['log-level'], LEVELS),
  };
}

/** The flags, for `parseArgs`. */
export const FLAGS = {
  help: { type: 'boolean' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  namespace: { type: 'string', multiple: true, default: [] as string[] },
  workers: { type: 'string', default: '8' },
  'cache-dir': { type: 'string', default: '/var/cache/coxswain' },
  'allow-plain-http': { type: 'string', multiple: true, default: [] as string[] },
  'allow-loopback': { type: 'boolean', default: false },
  'allow-registry': { type: 'string', multiple: true, default: [] as string[] },
  'token-server': { type: 'string', multiple: true, default: [] as string[] },
  'allow-registry-address': { type: 'string', multiple: true, default: [] as string[] },
  'refuse-registry-address': { type: 'string', multiple: true, default: [] as string[] },
  'allow-notify-host': { type: 'string', multiple: true, default: [] as string[] },
  'allow-notify-address': { type: 'string', multiple: true, default: [] as string[] },
  'max-chart-mib': { type: 'string', default: '20' },
  'render-workers': { type: 'string' },
  'render-timeout': { type: 'string', default: `${SANDBOX_LIMITS.timeoutMs / 1000}s` },
  'render-memory': { type: 'string', default: String(SANDBOX_LIMITS.memoryMb) },
  'render-output': { type: 'string', default: String(RENDER_LIMITS.outputBytes / MIB) },
  'discovery-interval': { type: 'string', default: '30s' },
  'leader-election': { type: 'string', default: 'true' },
  'lease-namespace': { type: 'string', default: 'coxswain-system' },
  'health-port': { type: 'string' },
  'metrics-port': { type: 'string' },
  'webhook-port': { type: 'string' },
  'webhook-secret-file': { type: 'string' },
  'webhook-service': { type: 'string' },
  'log-level': { type: 'string', default: 'info' },
} as const;

function ifGiven<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined ? undefined : read(text);
}

function webhookOf(values: {
  'webhook-port'?: string;
  'webhook-secret-file'?: string;
  'webhook-service'?: string;
}): Options['webhook'] {
  const { 'webhook-port': port, 'webhook-secret-file': secretFile, 'webhook-service': service } = values;
  if (port === undefined && secretFile === undefined && service === undefined) return undefined;
  if (port !== undefined && secretFile !== undefined) {
    return { port: positive('webhook-port', port), secretFile, service };
  }
  throw new Error('--webhook-port and --webhook-secret-file must be given together');
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${flag} takes a whole number above 0, not ${JSON.stringify(text)}`);
}

function namespaceOf(text: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new Error(`--namespace takes the name of a namespace, not ${JSON.stringify(text)}`);
}

/** Checked here, so that an invalid proxy ends the start and not each pull. */
function proxiesIn(environment: NodeJS.ProcessEnv): ProxySettings {
  const settings = proxySettingsIn(environment);
  proxyRules(settings);
  return settings;
}

function tokenServersOf(texts: readonly string[]): Map<string, string[]> {
  const servers = new Map<string, string[]>();
  for (const text of texts) {
    const [, host, url = ''] = /^([^\s/=]+)=(https?:\/\/.+)$/.exec(text) ?? [];
    if (host === undefined || !URL.canParse(url)) {
      const example = 'registry.example.com=https://gitlab.example.com';
      throw new Error(`--token-server takes a registry and a URL such as ${example}, not ${JSON.stringify(text)}`);
    }
    servers.set(host.toLowerCase(), [...(servers.get(host.toLowerCase()) ?? []), new URL(url).origin]);
  }
  return servers;
}

function cidrOf(flag: string, text: string): string {
  const [address = '', bits, ...more] = text.split('/');
  const max = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) !== 0 && more.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= max))) {
    return text;
  }
  throw new Error(`--${flag} takes an address range such as 10.96.0.0/16, not ${JSON.stringify(text)}`);
}

function duration(flag: string, text: string): number {
  const value = /^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text) ? durationMs(text) : 0;
  if (value > 0) return value;
  throw new Error(`--${flag} takes a duration such as 10s or 1m30s, not ${JSON.stringify(text)}`);
}

function oneOf<T extends string>(flag: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === text);
  if (found !== undefined) return found;
  throw new Error(`--${flag} takes one of ${allowed.join(', ')}, not ${JSON.stringify(text)}`);
}
