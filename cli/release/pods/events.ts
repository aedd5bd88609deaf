import type { ApiResource } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { readRelease, withCluster } from '../../cluster.ts';
import { positionalsOf, readArguments } from '../../command.ts';
import type { Command } from '../../command.ts';
import { OUTPUT_OPTION, printAs } from '../../output.ts';
import { table, type Cell } from '../../table.ts';
import type { Terminal } from '../../terminal.ts';
import { ageOf } from '../age.ts';
import { namesWithEvents, podsOfRelease } from '../../../client/pods/index.ts';

/** `kubectl release events`. */
export const usage = `Usage: kubectl release events NAME [--warnings] [-o json|yaml|name|jsonpath=TEMPLATE] [-n NAMESPACE]

Lists the events of a release, of its objects and hooks, and of the pods that they made, the newest last.

  --warnings   only those that warn`;

const EVENTS: ApiResource = { group: '', version: 'v1', kind: 'Event', plural: 'events', namespaced: true, verbs: [] };

type EventObject = KubeObject & {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly lastObservedTime?: string };
};

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...OUTPUT_OPTION,
  warnings: { type: 'boolean', default: false },
} as const;

/** Prints the events of a Release. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  return withCluster(flags, async (cluster) => {
    const release = await readRelease(cluster, name);
    const names = namesWithEvents(release, await podsOfRelease(cluster, release));
    const all = await cluster.client.list<EventObject>(EVENTS, cluster.namespace);
    const events = eventsOf(all, names).filter(({ type }) => !flags.warnings || type === 'Warning');
    if (flags.output !== undefined) await printAs(flags.output, events, terminal);
    else if (events.length === 0) terminal.err(`there are no events of release "${name}": they are kept for an hour`);
    else terminal.out(eventTable(events, Date.now(), terminal));
    return 0;
  });
};

/** Those that concern one of the names, `Kind/name`, the newest last. */
export function eventsOf(events: readonly EventObject[], names: ReadonlySet<string>): EventObject[] {
  return events
    .filter(({ involvedObject: about }) => names.has(`${about?.kind}/${about?.name}`))
    .toSorted((a, b) => Date.parse(timeOf(a)) - Date.parse(timeOf(b)));
}

function timeOf({ series, lastTimestamp, eventTime, metadata }: EventObject): string {
  const created = metadata['creationTimestamp'];
  return series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? (typeof created === 'string' ? created : '');
}

function eventTable(events: readonly EventObject[], nowMs: number, terminal: Terminal): string {
  const rows = events.map((event): Cell[] => {
    const { type = '', reason = '', message = '', involvedObject: about } = event;
    const isWarning = type === 'Warning';
    const shown: Cell = isWarning ? { text: type, style: 'bad' } : type;
    return [ageOf(timeOf(event), nowMs), shown, reason, `${about?.kind}/${about?.name}`, message];
  });
  return table(['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'], rows, terminal);
}
