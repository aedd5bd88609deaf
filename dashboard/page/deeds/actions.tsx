import type { DeedName, ReleaseName, ReleaseView } from '../../api/index.ts';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notices.tsx';
import { words } from '../words/words.ts';
import { DeedButton } from './deed-button.tsx';
import { openDeed } from './open.ts';
import type { DialogKind } from './open.ts';
import { Counts } from './preview-panel.tsx';

/** The deeds that can be done with a Release. */
export function Actions({ view: { row } }: { view: ReleaseView }) {
  const say = words.value.deeds;
  const suspension = row.suspended ? 'resume' : 'suspend';
  return (
    <div class="deeds" role="group" aria-label={say.label}>
      <Action kind="rollback" of={row} />
      <Action kind="edit" of={row} />
      <details class="menu" onKeyDown={closeByEscape} onFocusOut={closeWhenLeft}>
        <summary class="button">
          {say.more} <Icon name="open" size={12} />
        </summary>
        <div class="menu-items" onClick={closeMenu}>
          <Action kind="reconcile" of={row} />
          <Action kind="rerun" of={row} />
          <Action kind={suspension} of={row} />
          <Action kind="delete" of={row} />
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

function Action({ kind, of }: { kind: DialogKind; of: ReleaseName }) {
  const deed: DeedName = kind === 'rerun' ? 'reconcile' : kind;
  return (
    <DeedButton deed={deed} of={of} onClick={() => openDeed({ kind })}>
      {words.value.deeds.names[kind]}
    </DeedButton>
  );
}

/** That a change waits for somebody to approve it. */
export function WaitingPlan({ view: { row, plan } }: { view: ReleaseView }) {
  const say = words.value.deeds;
  if (plan === undefined) return null;
  return (
    <Notice tone="Yellow">
      <p class="notice-title">
        {say.waiting}: {say.waitingFor(plan.version, `${plan.chart.name} ${plan.chart.version}`)}
      </p>
      <Counts counts={plan.counts} />
      <p class="notice-end">
        <DeedButton deed="approve" of={row} main onClick={() => openDeed({ kind: 'approve' })}>
          {say.names.approve}
        </DeedButton>
      </p>
    </Notice>
  );
}
