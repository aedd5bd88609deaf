import { signal } from '@preact/signals';
import type { ActionName } from '../../api/index.ts';

/** What a dialog is about: an action, or that hooks run again. */
export type DialogKind = Exclude<ActionName, 'install'> | 'rerun';

/** The dialog that is open, and the version that it was opened for. */
export interface OpenDialog {
  readonly kind: DialogKind;
  readonly version?: number;
}

/** The dialog that is open; null while there is none. */
export const opened = signal<OpenDialog | null>(null);

/** Opens the dialog of an action. */
export function openAction(dialog: OpenDialog): void {
  opened.value = dialog;
}
