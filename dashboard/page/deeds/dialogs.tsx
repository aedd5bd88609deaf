import { useSignal } from '@preact/signals';
import type { ReleaseView } from '../../api/index.ts';
import { Dialog } from '../parts/dialog.tsx';
import { diffOfPlan } from './plan-diff.ts';
import { Diff } from '../versions/diff-view.tsx';
import { VersionSelect } from '../versions/version-select.tsx';
import { words } from '../words/words.ts';
import { DeedForm } from './deed-form.tsx';
import { EditForm } from './edit-form.tsx';
import { opened } from './open.ts';
import type { OpenDialog } from './open.ts';
import { Counts, HookList, LosingData } from './preview-panel.tsx';

interface Props {
  readonly view: ReleaseView;
  readonly dialog: OpenDialog;
  readonly close: () => void;
}

/** The dialog that is open, if one is. */
export function DeedDialogs({ view }: { view: ReleaseView }) {
  const dialog = opened.value;
  if (dialog === null) return null;
  const close = (): void => {
    opened.value = null;
  };
  return (
    <Dialog title={`${words.value.deeds.titles[dialog.kind]}: ${view.row.name}`} close={close}>
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
      return <DeedForm kind={dialog.kind} of={row} deed={{ do: dialog.kind }} close={close} />;
    case 'reconcile':
    case 'rerun':
      return (
        <DeedForm
          kind={dialog.kind}
          of={row}
          deed={{ do: 'reconcile', rerunHooks: dialog.kind === 'rerun' }}
          close={close}
        />
      );
  }
}

function RollbackForm({ view: { row }, dialog, close }: Props) {
  const version = useSignal(dialog.version ?? Math.max(1, (row.version ?? 1) - 1));
  return (
    <DeedForm kind="rollback" of={row} deed={{ do: 'rollback', version: version.value }} previewed close={close}>
      <VersionSelect row={row} chosen={version.value} choose={(next) => (version.value = next)} />
    </DeedForm>
  );
}

function ApproveForm({ view: { row, plan }, close }: Props) {
  if (plan === undefined) return <DeedForm kind="approve" of={row} deed={null} close={close} />;
  return (
    <DeedForm kind="approve" of={row} deed={{ do: 'approve', plan: plan.digest }} close={close}>
      <p>
        <strong>{words.value.deeds.waitingFor(plan.version, `${plan.chart.name} ${plan.chart.version}`)}</strong>
      </p>
      <Counts counts={plan.counts} />
      <HookList hooks={plan.hooks ?? []} />
      <LosingData objects={plan.objects ?? []} />
      <Diff diff={diffOfPlan(plan)} />
    </DeedForm>
  );
}

function DeleteForm({ view: { row }, close }: Props) {
  const typed = useSignal('');
  return (
    <DeedForm kind="delete" of={row} deed={{ do: 'delete' }} previewed blocked={typed.value !== row.name} close={close}>
      <label class="field">
        <span>{words.value.deeds.typeName(row.name)}</span>
        <input
          value={typed.value}
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
        />
      </label>
    </DeedForm>
  );
}
