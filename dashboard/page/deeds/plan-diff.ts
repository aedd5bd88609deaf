import type { DiffView, ObjectDiff, ReleaseView } from '../../api/index.ts';

type Plan = NonNullable<ReleaseView['plan']>;
type Change = NonNullable<Plan['changes']>[number];

/** The changes of a plan that waits, by object. */
export function diffOfPlan({ changes = [], changesTotal, warnings = [], refusals = [] }: Plan): DiffView {
  const objects = [...Map.groupBy(changes, ({ object }) => object)].map(([object, own]): ObjectDiff => ({
    object,
    change: changeOf(own),
    fields: own.filter(({ path }) => path !== '').map(fieldOf),
  }));
  const notes = [...refusals.map(({ object, message }) => `${object}: ${message}`), ...warnings];
  return { objects, more: Math.max(0, changesTotal - changes.length), notes };
}

function changeOf(changes: readonly Change[]): ObjectDiff['change'] {
  const whole = changes.find(({ path }) => path === '');
  if (whole === undefined) return 'update';
  return whole.change === 'Removed' ? 'delete' : 'create';
}

function fieldOf({ path, from, to, alsoIn }: Change): ObjectDiff['fields'][number] {
  return {
    path: dotted(path),
    ...(from !== undefined && { before: from }),
    ...(to !== undefined && { after: to }),
    ...(alsoIn !== undefined && { alsoIn }),
  };
}

/** A JSON pointer as people write a field. */
function dotted(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\w+$/.test(part) ? partOf(part) : `["${part}"]`))
    .join('');
}

function partOf(part: string): string {
  return /^\d+$/.test(part) ? `[${part}]` : `.${part}`;
}
