import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Action, ReleaseView, VersionRow } from '../../api/index.ts';
import { useLoaded } from '../live/loaded.ts';
import { apiPath } from '../live/paths.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Failure, Notice } from '../parts/notices.tsx';
import { diffOfPlan } from './plan-diff.ts';
import { Diff } from '../versions/diff-view.tsx';
import { versionToGoBackTo } from '../versions/go-back.ts';
import { VersionChoice } from '../versions/version-select.tsx';
import { words } from '../words/words.ts';
import { ActionForm } from './action-form.tsx';
import { EditForm } from './edit-form.tsx';
import { opened } from './open.ts';
import type { OpenDialog } from './open.ts';
import { Counts, HookList, LosingData } from './preview-panel.tsx';

interface Props {
  readonly view: ReleaseView;
  readonly dialog: OpenDialog;
  readonly close: () => void;
}

const close = (): void => {
  opened.value = null;
};

/** The dialog that is open, if one is; it goes with the Release that it was opened for. */
export function ActionDialogs({ view }: { view: ReleaseView }) {
  const dialog = opened.value;
  useEffect(() => close, [view.row.uid]);
  if (dialog === null) return null;
  return (
    <Dialog title={`${words.value.actions.titles[dialog.kind]}: ${view.row.name}`} close={close}>
      <Body view={view} dialog={dialog} close={close} />
    </Dialog>
  );
}

function Body(props: Props) {
  const { view, dialog, close } = props;
  const { row } = view;
  switch (dialog.kind) {
    case 'rollback':
      return <RollbackForm {...props} />;
    case 'approve':
      return <ApproveForm {...props} />;
    case 'edit':
      return <EditForm view={view} close={close} />;
    case 'delete':
      return <DeleteForm {...props} />;
    case 'suspend':
    case 'resume':
      return <ActionForm kind={dialog.kind} of={row} action={{ do: dialog.kind }} close={close} />;
    case 'reconcile':
    case 'rerun':
      return (
        <ActionForm
          kind={dialog.kind}
          of={row}
          action={{ do: 'reconcile', rerunHooks: dialog.kind === 'rerun' }}
          close={close}
        />
      );
  }
}

function RollbackForm({ view: { row }, dialog, close }: Props) {
  const picked = useSignal(dialog.version);
  const { answer, error, again } = useLoaded<VersionRow[]>(`${apiPath(row)}/versions`, row.version);
  const version = picked.value ?? versionToGoBackTo(answer ?? []);
  const action: Action | null = version === undefined ? null : { do: 'rollback', version };
  return (
    <ActionForm kind="rollback" of={row} action={action} previewed close={close}>
      {error !== undefined && <Failure error={error} again={again} />}
      {answer !== undefined && version === undefined && <p class="muted">{words.value.actions.noneBefore}</p>}
      <VersionChoice row={row} versions={answer ?? []} chosen={version} choose={(next) => (picked.value = next)} />
    </ActionForm>
  );
}

/** What is approved is what was read: the plan stays that of the opening, whatever waits meanwhile. */
function ApproveForm({ view: { row, plan: present }, close }: Props) {
  const read = useSignal(present);
  const { value: plan } = read;
  const isOther = present?.digest !== plan?.digest;
  const action: Action | null = plan === undefined ? null : { do: 'approve', plan: plan.digest };
  return (
    <ActionForm key={plan?.digest} kind="approve" of={row} action={action} blocked={isOther} close={close}>
      {isOther && <OtherPlan isGone={present === undefined} show={() => (read.value = present)} />}
      {plan !== undefined && (
        <>
          <p>
            <strong>{words.value.actions.waitingFor(plan.version, `${plan.chart.name} ${plan.chart.version}`)}</strong>
          </p>
          <Counts counts={plan.counts} />
          <HookList hooks={plan.hooks ?? []} />
          <LosingData objects={plan.objects ?? []} />
          <Diff diff={diffOfPlan(plan)} />
        </>
      )}
    </ActionForm>
  );
}

function OtherPlan({ isGone, show }: { isGone: boolean; show: () => void }) {
  const say = words.value.actions;
  return (
    <Notice tone="Yellow">
      <p role="alert">{isGone ? say.planGone : say.planMoved}</p>
      {!isGone && (
        <p class="notice-end">
          <button type="button" class="button" onClick={show}>
            {say.showPlan}
          </button>
        </p>
      )}
    </Notice>
  );
}

function DeleteForm({ view: { row }, close }: Props) {
  const typed = useSignal('');
  return (
    <ActionForm
      kind="delete"
      of={row}
      action={{ do: 'delete' }}
      previewed
      blocked={typed.value !== row.name}
      close={close}
    >
      <label class="field">
        <span>{words.value.actions.typeName(row.name)}</span>
        <input
          value={typed.value}
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
        />
      </label>
    </ActionForm>
  );
}
