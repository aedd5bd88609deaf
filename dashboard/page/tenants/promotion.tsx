import { signal } from '@preact/signals';
import type { ReleaseRow } from '../../api/index.ts';
import { ActionForm } from '../actions/action-form.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { words } from '../words/words.ts';

/** A Release, and the one of the environment before it whose version it is to get. */
export interface Promoting {
  readonly row: ReleaseRow;
  readonly from: ReleaseRow;
}

/** The promotion whose dialog is open. */
export const promoting = signal<Promoting | null>(null);

/** Gives a Release the version of the chart that runs in the environment before its own; its values stay. */
export function Promotion({ cell: { row, from }, close }: { cell: Promoting; close: () => void }) {
  const say = words.value.tenants;
  return (
    <Dialog title={say.promoteLong(from.chartVersion, from.namespace, row.namespace)} close={close}>
      <ActionForm
        kind="promote"
        of={row}
        action={{ do: 'edit', chartVersion: from.chartVersion }}
        previewed
        close={close}
      />
    </Dialog>
  );
}
