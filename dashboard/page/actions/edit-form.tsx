import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { EditAction, ReleaseView } from '../../api/index.ts';
import { words } from '../words/words.ts';
import { YamlDiff } from '../versions/diff-view.tsx';
import { ActionForm } from './action-form.tsx';
import { draftOf, dropDraft, keepDraft } from './drafts.ts';
import { editOf, editOn } from './edit-of.ts';
import type { Edited } from './edit-of.ts';

/** Other values, or another version of the chart. */
export function EditForm({ view: { row, spec, values: before }, close }: { view: ReleaseView; close: () => void }) {
  const now: Edited = { values: before, chartVersion: spec.chart.version ?? '' };
  // What one began with stays, also when the release moves on meanwhile: then the form says so.
  const begun = useSignal(now);
  const draft = useSignal(draftOf(row.uid, now));
  const values = useSignal((draft.value ?? now).values);
  const chartVersion = useSignal((draft.value ?? now).chartVersion);
  const typed: Edited = { values: values.value, chartVersion: chartVersion.value };
  const action: EditAction | null = editOf(begun.value, typed);
  useEffect(() => keepDraft(row.uid, begun.value, typed), [values.value, chartVersion.value, begun.value]);
  const goOn = (): void => {
    set(editOn(now, begun.value, typed));
    begun.value = now;
  };
  const set = (next: Edited): void => {
    values.value = next.values;
    chartVersion.value = next.chartVersion;
  };
  const startOver = (): void => {
    draft.value = null;
    set(begun.value);
  };
  return (
    <ActionForm
      kind="edit"
      of={row}
      action={action}
      previewed
      close={close}
      done={() => dropDraft(row.uid)}
      goOn={goOn}
    >
      {draft.value !== null && <Restored startOver={startOver} />}
      <Fields values={values} chartVersion={chartVersion} inForce={row.chartVersion} />
      {action === null ? (
        <p class="muted">{words.value.actions.unchanged}</p>
      ) : (
        action.values !== undefined && <YamlDiff before={begun.value.values} after={action.values} />
      )}
    </ActionForm>
  );
}

interface FieldsProps {
  readonly values: Signal<string>;
  readonly chartVersion: Signal<string>;
  /** The chart version that runs. */
  readonly inForce: string;
}

function Fields({ values, chartVersion, inForce }: FieldsProps) {
  const say = words.value.actions;
  return (
    <>
      <label class="field">
        <span>{say.chartVersion}</span>
        <input
          class="mono"
          value={chartVersion.value}
          placeholder={inForce === '' ? say.newest : say.newestNow(inForce)}
          spellcheck={false}
          autocomplete="off"
          onInput={({ currentTarget }) => (chartVersion.value = currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{say.values}</span>
        <textarea
          class="mono editor"
          rows={14}
          value={values.value}
          spellcheck={false}
          onInput={({ currentTarget }) => (values.value = currentTarget.value)}
        />
      </label>
    </>
  );
}

function Restored({ startOver }: { startOver: () => void }) {
  const say = words.value.actions;
  return (
    <p role="status">
      {say.restored}{' '}
      <button type="button" class="link" onClick={startOver}>
        {say.startOver}
      </button>
    </p>
  );
}
