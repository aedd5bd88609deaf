import type { Signal } from '@preact/signals';

/** A field whose text narrows what is shown. */
export function FilterField({ label, text }: { label: string; text: Signal<string> }) {
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      value={text.value}
      onInput={({ currentTarget }) => (text.value = currentTarget.value)}
    />
  );
}
