#!/usr/bin/env node
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, runAsLeader, type KubeClient, type Leadership } from '../kube/index.ts';
import { ChartCache, LOOPBACK, PRIVATE, type ChartPlace } from '../registry-client/index.ts';
import { inTurns } from '../turns/index.ts';
import type { Log } from './pass/log.ts';
import { startController, type Controller, type ControllerOptions } from './loop/controller.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { eventLoopLag } from './process/event-loop-lag.ts';
import { serveHealth, type LeadershipState } from './process/health-server.ts';
import { serveMetrics } from './process/metrics-server.ts';
import { jsonLog } from './process/log.ts';
import { parseOptions, USAGE, type Options } from './process/options.ts';
import { serviceAddresses } from './process/service-addresses.ts';
import { serveWebhook } from './webhook/server.ts';
import { SpanExporter } from './traces/exporter.ts';
import { Traces } from './traces/traces.ts';
import { pointServiceAtThisPod } from './webhook/service.ts';

const EXIT = { done: 0, failed: 1, usage: 2 };
/** Time for the writes under way. Whatever else a pass waits for, a registry or a chart being rendered, may take many minutes. */
const STOP_MS = 10_000;

async function main(): Promise<number> {
  const options = optionsOrUsage();
  if (typeof options === 'number') return options;
  const { log, switchDebug } = jsonLog(options.logLevel);
  process.on('SIGUSR2', switchDebug);
  process.on('unhandledRejection', (error) => log('error', 'unhandled rejection', { error: String(error) }));
  let leadership: Leadership | undefined;
  let controller: Controller | undefined;
  let hasBegun = false;
  const isAtWork = (): boolean => leadership?.isLeader() ?? controller?.ready() ?? false;
  const leads = (): LeadershipState => {
    if (!hasBegun) return 'waiting';
    return (leadership?.isLeader() ?? true) ? 'leading' : 'lost';
  };
  const metrics = metricsOf(options, isAtWork);
  const client = await connect({
    userAgent: 'coxswain',
    inTurns,
    ...(metrics && { onRequest: metrics.onApiRequest }),
    ...(options.kubeconfig === undefined ? {} : { kubeconfig: options.kubeconfig }),
    ...(options.context === undefined ? {} : { context: options.context }),
  });
  const ended = Promise.withResolvers<number>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ended.resolve(EXIT.done));
  const servers = await serve(options, { current: () => controller, leads, metrics, log });
  const begin = async (acting: KubeClient): Promise<void> => {
    hasBegun = true;
    controller = await startController(await settingsOf(options, acting, { metrics, log }));
    await pointNotificationsHere(options, acting, log);
  };
  leadership = lead(options, client, { log, begin, end: ended.resolve });
  const code = await ended.promise;
  log('info', 'stopping');
  // What is left is done after the restart, as after a crash.
  await Promise.race([controller?.stop(), sleep(STOP_MS)]);
  await leadership?.stop();
  for (const server of servers) server.close();
  await client.close();
  return code;
}

/** Metrics are measured only if there is a port to serve them on. */
function metricsOf({ metricsPort, workers }: Options, isLeader: () => boolean): Metrics | undefined {
  return metricsPort === undefined ? undefined : createMetrics({ workers, isLeader });
}

interface Serving {
  current: () => Controller | undefined;
  leads: () => LeadershipState;
  metrics: Metrics | undefined;
  log: Log;
}

/** Serves what was asked for: health, metrics, and the webhook, whose notifications a standby leaves to the leader. */
async function serve(
  { healthPort, metricsPort, webhook }: Options,
  { current, leads, metrics, log }: Serving,
): Promise<Server[]> {
  const ready = (): boolean => current()?.ready() ?? false;
  const onPush = (places: readonly ChartPlace[]): number | undefined =>
    ready() ? current()?.pushed(places) : undefined;
  return Promise.all([
    ...(healthPort === undefined
      ? []
      : [serveHealth(healthPort, { ready, leadership: leads, eventLoopLagMs: eventLoopLag() })]),
    ...(metricsPort === undefined || !metrics ? [] : [serveMetrics(metricsPort, metrics)]),
    ...(webhook === undefined ? [] : [serveWebhook({ ...webhook, onPush, log })]),
  ]);
}

/** Notifications only save waiting: without them a range is resolved at its interval. */
async function pointNotificationsHere(
  { webhook, leaseNamespace }: Options,
  client: KubeClient,
  log: Log,
): Promise<void> {
  const address = process.env['POD_IP'];
  if (webhook?.service === undefined || address === undefined) return;
  const { service: name, port } = webhook;
  await pointServiceAtThisPod(client, { namespace: leaseNamespace, name, address, port }).catch((error: unknown) => {
    log('warn', 'registry notifications do not reach this replica', { error: String(error) });
  });
}

interface ElectionHandlers {
  log: Log;
  begin: (acting: KubeClient) => Promise<void>;
  end: (code: number) => void;
}

/** Begins at once, or when this process becomes the leader. From then on, no write leaves it once it no longer is the leader. */
function lead(options: Options, client: KubeClient, { log, begin, end }: ElectionHandlers): Leadership | undefined {
  const start = (acting: KubeClient): Promise<void> =>
    begin(acting).catch((error: unknown) => {
      log('error', 'cannot start', { error: error instanceof Error ? error.message : String(error) });
      end(EXIT.failed);
    });
  if (options.leaderElection === 'off') {
    void start(client);
    return undefined;
  }
  const leadership: Leadership = runAsLeader({
    client,
    namespace: options.leaseNamespace,
    name: 'coxswain-controller',
    identity: `${hostname()}_${randomUUID()}`,
    onStarted: () => start(client.fencedBy(() => leadership.isLeader(), 'this process may no longer be the leader')),
    onLost: () => {
      log('error', 'the lease was lost');
      end(EXIT.failed);
    },
    onError: (error) => log('warn', 'lease', { error: error instanceof Error ? error.message : String(error) }),
  });
  return leadership;
}

async function settingsOf(
  options: Options,
  client: KubeClient,
  { metrics, log }: Pick<Serving, 'metrics' | 'log'>,
): Promise<ControllerOptions> {
  const loopback = options.loopback === 'allowed' ? LOOPBACK : [];
  const refuse = [...options.refusedAddresses, ...(await serviceAddresses(client, process.env, log))];
  const { notify, proxy, plainHttpHosts } = options;
  const onProblem = (problem: Error): void => log('warn', 'chart cache', { error: problem.message });
  return {
    client,
    workers: options.workers,
    namespaces: options.namespaces,
    discoveryIntervalMs: options.discoveryIntervalMs,
    rendering: options.rendering,
    log,
    metrics,
    traces: tracesOf(options, { metrics, log }),
    notices: {
      proxy,
      plainHttpHosts,
      network: {
        allowHost: notify.allowsHost,
        allow: [...loopback, ...notify.allowedAddresses],
        refuse: [...PRIVATE, ...refuse],
      },
    },
    charts: {
      cache: new ChartCache({ directory: options.cacheDirectory, onProblem }),
      plainHttpHosts,
      registries: options.registries,
      tokenServers: options.tokenServers,
      proxy,
      network: {
        allowHost: options.registries.allowsHost,
        allow: [...loopback, ...options.allowedAddresses],
        refuse,
      },
      limits: { chartBytes: options.maxChartMib * 1024 * 1024 },
      onRequest: metrics?.onRegistryRequest,
    },
  };
}

/** Nothing is traced unless there is somewhere to send it. */
function tracesOf({ traces, proxy }: Options, { metrics, log }: Pick<Serving, 'metrics' | 'log'>): Traces | undefined {
  if (traces === undefined) return undefined;
  return new Traces(new SpanExporter({ settings: traces, proxy, log, onEnd: metrics?.onSpans }), traces.ratio);
}

function optionsOrUsage(): Options | number {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options !== 'help') return options;
    process.stdout.write(USAGE);
    return EXIT.done;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return EXIT.usage;
  }
}

// Whatever still waits to be retried must not keep a process alive that has ended its work.
process.exit(
  await main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.failed;
  }),
);
