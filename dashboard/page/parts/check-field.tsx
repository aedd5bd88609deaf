import type { Signal } from '@preact/signals';

/** A box that is checked or not. */
export function CheckField({ label, isChecked }: { label: string; isChecked: Signal<boolean> }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={isChecked.value}
        onChange={({ currentTarget }) => (isChecked.value = currentTarget.checked)}
      />
      {label}
    </label>
  );
}
