import type { ComponentChildren } from 'preact';
import { useSignal } from '@preact/signals';
import type { ActionName } from '../../api/index.ts';
import { words } from '../words/words.ts';
import { isRefused, permissionsFor } from '../rights/permissions.ts';
import type { PermissionTarget } from '../rights/permissions.ts';

interface Props {
  readonly action: ActionName;
  /** With what it is done, or where. */
  readonly of: PermissionTarget;
  readonly label?: string;
  readonly small?: boolean;
  readonly main?: boolean;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}

/** A button that opens the dialog of an action; where the viewer may not do that, it says so before it is tried. */
export function ActionButton({ action, of, label, small, main, onClick, children }: Props) {
  const refused = isRefused(permissionsFor(of), action);
  const isReasonShown = useSignal(false);
  const reason = refused ? words.value.actions.refused(words.value.actions.titles[action], of.namespace) : undefined;
  return (
    <>
      <button
        type="button"
        class={`button ${small === true ? 'button-small' : ''} ${main === true && !refused ? 'button-main' : ''}`}
        aria-label={label === undefined || reason === undefined ? label : `${label}. ${reason}`}
        aria-disabled={refused}
        title={reason}
        onClick={() => (refused ? (isReasonShown.value = true) : onClick())}
      >
        {children}
        {label === undefined && <Reason text={reason} />}
      </button>
      {isReasonShown.value && <ShownReason text={reason} />}
    </>
  );
}

function Reason({ text }: { text: string | undefined }) {
  return text === undefined ? null : <span class="hidden">. {text}</span>;
}

function ShownReason({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <span class="small inline-warning" role="status">
      {text}
    </span>
  );
}
