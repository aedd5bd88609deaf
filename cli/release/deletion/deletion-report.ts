import type { Release } from '../../../crds/index.ts';
import { isKept } from '../../../resources/index.ts';
import { printable } from '../../terminal.ts';
import type { Terminal } from '../../terminal.ts';
import type { VersionRecord } from '../../../records/index.ts';

/** The part of a record that a deletion depends on. */
type DeletionRecord = Pick<VersionRecord, 'objects' | 'hooks'>;

/** What the deletion of a Release deletes, what it leaves, and which hooks it runs; without the record, as far as the status tells. */
export function deletionReport(
  { metadata, status }: Release,
  recorded: DeletionRecord | undefined,
  terminal: Terminal,
): string {
  const objects = (status?.resources ?? []).map(({ kind, name }) => `${kind}/${name}`);
  const kept = new Set(recorded === undefined ? [] : keptObjects(recorded));
  const goes = objects.filter((object) => !kept.has(object));
  const claims = goes.filter((object) => object.startsWith('StatefulSet/'));
  const hooks = recorded === undefined ? [] : deletionHooks(recorded);
  const versions = status?.history?.length ?? 0;
  return [
    `${metadata.namespace}/${metadata.name}: ${goes.length} objects and ${versions} recorded versions go`,
    ...goes.map((object) => terminal.style('removed', printable(`- ${object}`))),
    ...objects
      .filter((object) => kept.has(object))
      .map((object) => printable(`  ${object} stays: helm.sh/resource-policy`)),
    ...claims.map((object) =>
      printable(`  ${object}: claims of its volumes stay, unless it says that they are deleted with it`),
    ),
    ...hooks.map((hook) => printable(`  hook ${hook} runs`)),
    ...(recorded === undefined && objects.length > 0
      ? ['  what stays by helm.sh/resource-policy and which hooks run stands in Secrets, which could not be read']
      : []),
  ].join('\n');
}

function keptObjects({ objects }: DeletionRecord): string[] {
  return objects.filter(({ object }) => isKept(object)).map(({ object }) => `${object.kind}/${object.metadata.name}`);
}

function deletionHooks({ hooks }: DeletionRecord): string[] {
  return hooks.flatMap(({ events, kind, name }) =>
    events.filter((event) => event.endsWith('-delete')).map((event) => `${event} ${kind}/${name}`),
  );
}
