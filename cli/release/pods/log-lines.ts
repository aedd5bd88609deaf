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

type Pod = KubeObject & {
  readonly spec?: { readonly [list: string]: readonly { readonly name: string }[] | undefined };
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

/** Prints logs, each line with its pod and container; returns how many cannot be read. */
export async function printLogs(
  cluster: Cluster,
  sources: readonly LogSource[],
  reading: LogReading,
  terminal: Terminal,
): Promise<number> {
  let failures = 0;
  for (const source of sources) {
    const title = printable(`[${source.pod}/${source.container}]`);
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
  { pod, container }: LogSource,
  { tailLines, previous }: LogReading,
): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(pod)}/log`;
  const query = { container, tailLines, limitBytes: String(MAX_BYTES), ...(previous && { previous: 'true' }) };
  const text = await client.raw('GET', path, { query, accept: '*/*' });
  return typeof text === 'string' ? text : JSON.stringify(text);
}

function linesOf(text: string): string[] {
  const whole = text.replace(/\n$/, '');
  return whole === '' ? [] : printableLines(whole).split('\n');
}
