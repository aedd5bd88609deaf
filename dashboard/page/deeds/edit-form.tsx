import { useSignal } from '@preact/signals';
import type { EditDeed, ReleaseView } from '../../api/index.ts';
import { words } from '../words/words.ts';
import { YamlDiff } from '../versions/diff-view.tsx';
import { DeedForm } from './deed-form.tsx';
import { editOf, editOn } from './edit-of.ts';
import type { Edited } from './edit-of.ts';

/** Other values, or another version of the chart. */
export function EditForm({ view: { row, spec, values: before }, close }: { view: ReleaseView; close: () => void }) {
  const now: Edited = { values: before, chartVersion: spec.chart.version ?? '' };
  // What one began with stays, also when the release moves on meanwhile: then the form says so.
  const begun = useSignal(now);
  const values = useSignal(before);
  const chartVersion = useSignal(begun.value.chartVersion);
  const deed: EditDeed | null = editOf(begun.value, { values: values.value, chartVersion: chartVersion.value });
  const goOn = (): void => {
    const typed = editOn(now, begun.value, { values: values.value, chartVersion: chartVersion.value });
    begun.value = now;
    values.value = typed.values;
    chartVersion.value = typed.chartVersion;
  };
  const say = words.value.deeds;
  return (
    <DeedForm kind="edit" of={row} deed={deed} previewed close={close} goOn={goOn}>
      <label class="field">
        <span>{say.chartVersion}</span>
        <input
          class="mono"
          value={chartVersion.value}
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
      {deed === null ? (
        <p class="muted">{say.unchanged}</p>
      ) : (
        deed.values !== undefined && <YamlDiff before={begun.value.values} after={deed.values} />
      )}
    </DeedForm>
  );
}
