import type { Release } from '../../../crds/index.ts';
import { isKept } from '../../../resources/index.ts';
import { printable } from '../../terminal.ts';
import type { Terminal } from '../../terminal.ts';
import type { VersionRecord } from '../../../records/index.ts';
import { titleOf } from '../../../resources/index.ts';
import { secretOf } from '../change/secret-values.ts';
import { counted } from '../../words/counted.ts';

/** The part of a record that a deletion depends on. */
type DeletionRecord = Pick<VersionRecord, 'objects' | 'hooks'>;

/** How the API server is asked to delete a Release. */
export type Propagation = 'Background' | 'Foreground' | 'Orphan';

/** How a Release is deleted, what is recorded of it, if that can be read, and which of its objects are not its own any more. */
export interface Deletion {
  readonly propagation: Propagation;
  readonly recorded: DeletionRecord | undefined;
  readonly lost: ReadonlySet<string>;
}

/** What the deletion of a Release deletes, what it leaves, and which hooks it runs; without the record, as far as the status says. */
export function deletionReport(release: Release, deletion: Deletion, terminal: Terminal): string {
  const { propagation } = deletion;
  const isOrphaned = propagation === 'Orphan' || release.spec.uninstall?.orphan === true;
  const lines = isOrphaned ? [orphaned(release, propagation)] : deleted(release, deletion, terminal);
  return [...lines, ...keptSecret(release)].join('\n');
}

function orphaned({ metadata, status }: Release, propagation: Propagation): string {
  const objects = counted(status?.resources?.length ?? 0, 'object');
  const versions = counted(status?.history?.length ?? 0, 'recorded version');
  const what =
    propagation === 'Foreground'
      ? `${objects} will be kept; ${versions} will be deleted`
      : `${objects} and ${versions} will be kept`;
  return `${metadata.namespace}/${metadata.name}: ${what}; no hooks run`;
}

function deleted(
  { metadata, spec, status = {} }: Release,
  { propagation, recorded, lost }: Deletion,
  terminal: Terminal,
): string[] {
  const { uninstall = {} } = spec;
  const objects = (status.resources ?? []).map(titleOf);
  const kept = new Set(keptObjects(recorded));
  const present = objects.filter((object) => !lost.has(object));
  const goes = present.filter((object) => !kept.has(object));
  const stays = present.filter((object) => kept.has(object));
  const claims = goes.filter((object) => object.startsWith('StatefulSet/'));
  // In the foreground the garbage collector deletes them first.
  const isHistoryKept = uninstall.keepHistory === true && propagation !== 'Foreground';
  return [
    `${metadata.namespace}/${metadata.name}: ${summary(goes.length, status.history?.length ?? 0, isHistoryKept)}`,
    ...goes.map((object) => terminal.style('removed', printable(`- ${object}`))),
    ...stays.map((object) => printable(`  ${object} stays: helm.sh/resource-policy`)),
    ...objects.filter((object) => lost.has(object)).map((object) => printable(`  ${object} ${NOT_ITS_OWN}`)),
    ...claims.map((object) =>
      printable(`  ${object}: claims of its volumes stay, unless it says that they are deleted with it`),
    ),
    ...(uninstall.propagation === 'Orphan' ? ['  what they own, such as pods, stays: spec.uninstall.propagation'] : []),
    ...hookLines(spec, recorded),
    ...(recorded === undefined && objects.length > 0 ? [UNREADABLE] : []),
  ];
}

const NOT_ITS_OWN = 'is left alone: it is gone, or not an object of this release any more';
const UNREADABLE =
  '  what stays by helm.sh/resource-policy and which hooks run is recorded in Secrets, which could not be read';

function summary(objects: number, versions: number, isHistoryKept: boolean): string {
  return isHistoryKept
    ? `${counted(objects, 'object')} will be deleted; ${counted(versions, 'recorded version')} will be kept`
    : `${counted(objects, 'object')} and ${counted(versions, 'recorded version')} will be deleted`;
}

function hookLines({ hooks, uninstall }: Release['spec'], recorded: DeletionRecord | undefined): string[] {
  if (hooks === 'Skip') return ['  no hooks run: spec.hooks'];
  if (uninstall?.hooks === 'Skip') return ['  no hooks run: spec.uninstall.hooks'];
  return recorded === undefined ? [] : deletionHooks(recorded).map((hook) => printable(`  hook ${hook} runs`));
}

/** The Secret that the command has written for it, which nobody owns. */
function keptSecret({ metadata: { name, namespace }, spec: { valuesFrom = [] } }: Release): string[] {
  const secret = secretOf(name);
  if (!valuesFrom.some((source) => source.kind === 'Secret' && source.name === secret)) return [];
  return [`  Secret/${secret} stays, with the values of --set-secret: kubectl delete secret ${secret} -n ${namespace}`];
}

function keptObjects({ objects = [] }: Partial<DeletionRecord> = {}): string[] {
  return objects.filter(({ object }) => isKept(object)).map(({ object }) => `${object.kind}/${object.metadata.name}`);
}

function deletionHooks({ hooks }: DeletionRecord): string[] {
  return hooks.flatMap(({ events, kind, name }) =>
    events.filter((event) => event.endsWith('-delete')).map((event) => `${event} ${kind}/${name}`),
  );
}
