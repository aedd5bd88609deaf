import type { ActionName, ReleaseName, ReleaseView } from '../../api/index.ts';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notices.tsx';
import { words } from '../words/words.ts';
import { ActionButton } from './action-button.tsx';
import { openAction } from './open.ts';
import type { DialogKind } from './open.ts';
import { Counts } from './preview-panel.tsx';

/** The actions that can be done with a Release. */
export function Actions({ view: { row } }: { view: ReleaseView }) {
  const say = words.value.actions;
  const suspension = row.suspended ? 'resume' : 'suspend';
  return (
    <div class="actions" role="group" aria-label={say.label}>
      <DialogButton kind="rollback" of={row} />
      <DialogButton kind="edit" of={row} />
      <details class="menu" onKeyDown={closeByEscape} onFocusOut={closeWhenLeft}>
        <summary class="button">
          {say.more} <Icon name="open" size={12} />
        </summary>
        <div class="menu-items" onClick={closeMenu}>
          <DialogButton kind="reconcile" of={row} />
          <DialogButton kind="rerun" of={row} />
          <DialogButton kind={suspension} of={row} />
          <DialogButton kind="delete" of={row} />
        </div>
      </details>
    </div>
  );
}

function closeMenu({ target, currentTarget }: MouseEvent): void {
  const isRefused = target instanceof Element && target.closest('[aria-disabled=true]') !== null;
  if (isRefused || !(currentTarget instanceof HTMLElement)) return;
  const menu = currentTarget.closest('details');
  menu?.removeAttribute('open');
  // What has the focus now gets it back from the dialog: what is folded away could not.
  menu?.querySelector('summary')?.focus();
}

function closeByEscape({ key, currentTarget }: KeyboardEvent): void {
  if (key !== 'Escape' || !(currentTarget instanceof HTMLDetailsElement) || !currentTarget.open) return;
  currentTarget.open = false;
  currentTarget.querySelector('summary')?.focus();
}

function closeWhenLeft({ relatedTarget, currentTarget }: FocusEvent): void {
  const isLeft = relatedTarget instanceof Node && currentTarget instanceof HTMLDetailsElement;
  if (isLeft && !currentTarget.contains(relatedTarget)) currentTarget.open = false;
}

function DialogButton({ kind, of }: { kind: DialogKind; of: ReleaseName }) {
  const action: ActionName = kind === 'rerun' ? 'reconcile' : kind;
  return (
    <ActionButton action={action} of={of} onClick={() => openAction({ kind })}>
      {words.value.actions.names[kind]}
    </ActionButton>
  );
}

/** That a change waits for somebody to approve it. */
export function WaitingPlan({ view: { row, plan } }: { view: ReleaseView }) {
  const say = words.value.actions;
  if (plan === undefined) return null;
  return (
    <Notice tone="Yellow">
      <p class="notice-title">
        {say.waiting}: {say.waitingFor(plan.version, `${plan.chart.name} ${plan.chart.version}`)}
      </p>
      <Counts counts={plan.counts} />
      <p class="notice-end">
        <ActionButton action="approve" of={row} main onClick={() => openAction({ kind: 'approve' })}>
          {say.names.approve}
        </ActionButton>
      </p>
    </Notice>
  );
}
