import { signal } from '@preact/signals';
import type { DeedName } from '../../api/index.ts';

/** What a dialog is about: a deed, or that hooks run again. */
export type DialogKind = Exclude<DeedName, 'install'> | 'rerun';

/** The dialog that is open, and the version that it was opened for. */
export interface OpenDialog {
  readonly kind: DialogKind;
  readonly version?: number;
}

/** The dialog that is open; null while there is none. */
export const opened = signal<OpenDialog | null>(null);

/** Opens the dialog of a deed. */
export function openDeed(dialog: OpenDialog): void {
  opened.value = dialog;
}
