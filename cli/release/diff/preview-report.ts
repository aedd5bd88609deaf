import { wouldChange } from '../../../client/releases/index.ts';
import type { ReleasePreview, ReleasePreviewStatus } from '../../../crds/index.ts';
import { printable, printableLines } from '../../terminal.ts';
import type { Terminal } from '../../terminal.ts';
import { changeLines } from './change-lines.ts';

/** What `kubectl release diff` prints of a preview. */
export function previewReport({ status = {} }: Pick<ReleasePreview, 'status'>, terminal: Terminal): string {
  const { changes = [], changesTotal = 0, objects = [], grant } = status;
  const shown = changes.reduce((sum, { alsoIn = [] }) => sum + 1 + alsoIn.length, 0);
  const unknown = objects.filter(({ action }) => action === 'Unknown');
  const lines = [
    ...heads(status, terminal),
    ...changeLines(changes, terminal),
    ...unknown.map(({ kind, name }) => terminal.style('pending', printable(`? ${kind}/${name}`))),
    ...(changesTotal > shown ? [`(${changesTotal - shown} more changes are not listed)`] : []),
    ...recreationLines(status, terminal),
    ...hookLines(status, terminal),
    ...refusalLines(status, terminal),
    ...(grant === undefined
      ? []
      : [terminal.style('heading', 'this grants what is missing:'), printableLines(grant.trimEnd())]),
    ...(status.warnings ?? []).map((warning) => terminal.style('pending', printable(`warning: ${warning}`))),
    ...summary(status),
  ];
  return lines.join('\n');
}

function heads({ from, version, operation, chart }: ReleasePreviewStatus, terminal: Terminal): string[] {
  if (version === undefined) return [];
  const named = chart === undefined ? '' : `  ${chart.name}-${chart.version}`;
  const now = from === undefined ? 'nothing' : `version ${from} as it is in the cluster`;
  const then = operation === undefined ? '' : `  ${operation.toLowerCase()}`;
  return [
    terminal.style('removed', printable(`--- ${now}`)),
    terminal.style('added', printable(`+++ version ${version}${named}${then}`)),
  ];
}

function recreationLines({ objects = [] }: ReleasePreviewStatus, terminal: Terminal): string[] {
  const recreated = objects.filter(({ action }) => action === 'Recreate');
  if (recreated.length === 0) return [];
  const why = { Recreate: 'nothing is lost', LosesData: 'may lose data' };
  return [
    terminal.style('heading', 'deleted and created again'),
    ...recreated.map(({ kind, name, fields = [], class: loss = 'LosesData' }) =>
      terminal.style('pending', printable(`  ${kind}/${name}  ${fields.join(', ')} cannot be changed; ${why[loss]}`)),
    ),
  ];
}

function hookLines({ hooks = [], counts }: ReleasePreviewStatus, terminal: Terminal): string[] {
  if (hooks.length === 0) return [];
  const more = (counts?.hooks ?? 0) - hooks.length;
  return [
    terminal.style('heading', 'hooks'),
    ...hooks.map(({ event, weight, kind, name }) => printable(`  ${event}  ${kind}/${name}  weight ${weight}`)),
    ...(more > 0 ? [`  (${more} more are not listed)`] : []),
  ];
}

function refusalLines({ refusals = [], counts }: ReleasePreviewStatus, terminal: Terminal): string[] {
  if (refusals.length === 0) return [];
  const more = (counts?.refused ?? refusals.length) - refusals.length;
  return [
    terminal.style('heading', 'refused'),
    ...refusals.map(({ object, reason, message }) =>
      terminal.style('bad', printable(`  ${object}  ${reason}: ${message}`)),
    ),
    ...(more > 0 ? [`  (${more} more are not listed)`] : []),
  ];
}

function summary(status: ReleasePreviewStatus): string[] {
  const { counts } = status;
  if (counts === undefined) return [];
  const { create, update, recreate, delete: gone, unchanged } = counts;
  const again = recreate > 0 ? `${recreate} to create again, ` : '';
  if (!wouldChange(status) && counts.unknown + counts.refused === 0) return ['no differences'];
  return [`${create} to create, ${update} to update, ${again}${gone} to delete, ${unchanged} unchanged`];
}
