import type { KubeObject } from '../../../resources/index.ts';
import type { Cluster } from '../../cluster.ts';
import { reasonOf } from '../../errors.ts';
import { printable, printableLines, type Terminal } from '../../terminal.ts';

/** A container of a pod. */
export interface LogSource {
  readonly pod: string;
  readonly container: string;
}

/** How much of a log is read, and of which container: this one, or the one before it, which has ended. */
export interface LogReading {
  readonly tailLines: string;
  readonly previous: boolean;
}

/** Of one container. */
const MAX_BYTES = 4 * 1024 * 1024;

/** A container that has run or runs; `id` tells it from the one that it takes the place of, and `place` does not. */
export interface StartedSource extends LogSource {
  readonly place: string;
  readonly id: string;
  readonly isRunning: boolean;
}

interface ContainerStatus {
  readonly name: string;
  readonly restartCount?: number;
  readonly state?: { readonly running?: object; readonly terminated?: object };
  readonly lastState?: { readonly terminated?: object };
}

type Pod = KubeObject & {
  readonly spec?: { readonly [list: string]: readonly { readonly name: string }[] | undefined };
  readonly status?: { readonly [list: string]: readonly ContainerStatus[] | undefined };
};

/** All containers of pods, those of a pod that run first ahead. */
export function sourcesOf(pods: readonly Pod[]): LogSource[] {
  return pods.flatMap(({ metadata, spec }) =>
    [...(spec?.['initContainers'] ?? []), ...(spec?.['containers'] ?? [])].map(({ name }) => ({
      pod: metadata.name,
      container: name,
    })),
  );
}

/** The containers of pods that have something to be read, those of a pod that run first ahead. */
export function startedSources(pods: readonly Pod[]): StartedSource[] {
  return pods.flatMap(({ metadata: { name: pod, uid }, status }) =>
    [...(status?.['initContainerStatuses'] ?? []), ...(status?.['containerStatuses'] ?? [])]
      // One that is to be started again can still be read; it may have run for so short a time that nobody saw it run.
      .filter(({ state, lastState }) => (state?.running ?? state?.terminated ?? lastState?.terminated) !== undefined)
      .map(({ name, restartCount = 0, state }) => {
        const place = `${uid}/${name}`;
        return { pod, container: name, place, id: `${place}/${restartCount}`, isRunning: state?.running !== undefined };
      }),
  );
}

/** The prefix of each line of a container. */
export function titleOf({ pod, container }: LogSource): string {
  return printable(`[${pod}/${container}]`);
}

/** Where a pod's log is read. */
export function logPath(namespace: string, { pod }: LogSource): string {
  return `/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(pod)}/log`;
}

/** Prints logs, each line with its pod and container; returns how many cannot be read. */
export async function printLogs(
  cluster: Cluster,
  sources: readonly LogSource[],
  reading: LogReading,
  terminal: Terminal,
): Promise<number> {
  let failures = 0;
  for (const source of sources) {
    const title = titleOf(source);
    try {
      const text = await logOf(cluster, source, reading);
      for (const line of linesOf(text)) terminal.out(`${terminal.style('faint', title)} ${line}`);
    } catch (error) {
      failures += 1;
      terminal.err(printable(`${title} cannot be read: ${reasonOf(error)}`));
    }
  }
  return failures;
}

async function logOf(
  { client, namespace }: Cluster,
  source: LogSource,
  { tailLines, previous }: LogReading,
): Promise<string> {
  const { container } = source;
  const query = { container, tailLines, limitBytes: String(MAX_BYTES), ...(previous && { previous: 'true' }) };
  const text = await client.raw('GET', logPath(namespace, source), { query, accept: '*/*' });
  return typeof text === 'string' ? text : JSON.stringify(text);
}

function linesOf(text: string): string[] {
  const whole = text.replace(/\n$/, '');
  return whole === '' ? [] : printableLines(whole).split('\n');
}
