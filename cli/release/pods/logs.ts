import type { KubeObject } from '../../../resources/index.ts';
import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { readRelease, withCluster } from '../../cluster.ts';
import type { Cluster } from '../../cluster.ts';
import { positionalsOf, readArguments } from '../../command.ts';
import type { Command } from '../../command.ts';
import { CliError, reasonOf } from '../../errors.ts';
import { printable, printableLines } from '../../terminal.ts';
import { podsOfRelease } from './release-pods.ts';

/** `kubectl release logs`. */
export const usage = `Usage: kubectl release logs NAME [options]

Prints what the containers of a release have written last: those of all pods that its objects and hooks made, each line with its pod and
container. To go on with one of them: kubectl logs --follow POD

  --tail N                 lines of each container; default: 20
  -p, --previous           of the containers before these, which have ended
  -c, --container NAME     only containers of this name
  --pod NAME               only this pod
  -n, --namespace, --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

const MAX_LINES = 10_000;
/** Of one container. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Prints the logs of a Release; 1 if some cannot be read. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, {
    ...CLUSTER_OPTIONS,
    tail: { type: 'string', default: '20' },
    previous: { type: 'boolean', short: 'p', default: false },
    container: { type: 'string', short: 'c' },
    pod: { type: 'string' },
  });
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  const tail = Number(flags.tail);
  if (!/^\d+$/.test(flags.tail) || tail > MAX_LINES)
    throw new CliError('Usage', `--tail ${flags.tail} is not a number from 0 to ${MAX_LINES}`);
  return withCluster(flags, async (cluster) => {
    const pods = await podsOfRelease(cluster, await readRelease(cluster, name));
    const wanted = pods.filter(({ metadata }) => flags.pod === undefined || metadata.name === flags.pod);
    const sources = wanted.flatMap((pod) =>
      containersOf(pod).map((container) => ({ pod: pod.metadata.name, container })),
    );
    const chosen = sources.filter(({ container }) => flags.container === undefined || container === flags.container);
    if (chosen.length === 0)
      throw new CliError('NotFound', `release "${name}" has no such pods`, {
        next: `See what it has: kubectl release status ${name}`,
      });
    let failures = 0;
    for (const { pod, container } of chosen) {
      const title = printable(`[${pod}/${container}]`);
      try {
        const text = await logOf(cluster, pod, { container, tailLines: flags.tail, previous: flags.previous });
        for (const line of linesOf(text)) terminal.out(`${terminal.style('faint', title)} ${line}`);
      } catch (error) {
        failures += 1;
        terminal.err(printable(`${title} cannot be read: ${reasonOf(error)}`));
      }
    }
    return failures === 0 ? 0 : 1;
  });
};

async function logOf(
  { client, namespace }: Cluster,
  pod: string,
  { container, tailLines, previous }: { container: string; tailLines: string; previous: boolean },
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

type Pod = KubeObject & {
  readonly spec?: { readonly [list: string]: readonly { readonly name: string }[] | undefined };
};

/** All containers of a pod, those that run first ahead. */
function containersOf(pod: Pod): string[] {
  return [...(pod.spec?.['initContainers'] ?? []), ...(pod.spec?.['containers'] ?? [])].map(({ name }) => name);
}
