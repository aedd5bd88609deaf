import { useSignal } from '@preact/signals';
import { words } from '../words/words.ts';
import { askFor } from './list-state.ts';

/** Asks which namespaces to look at, of somebody who may not look at all. */
export function NamespacesForm({ suggested }: { suggested: string }) {
  const say = words.value.releases;
  const text = useSignal(suggested);
  const show = (event: Event): void => {
    event.preventDefault();
    askFor({ namespaces: text.value.split(/[\s,]+/).filter(Boolean) });
  };
  return (
    <form class="inline-form" onSubmit={show}>
      <label>
        <span>{say.refusedNext}</span>
        <input
          value={text.value}
          placeholder={say.namespaces}
          onInput={({ currentTarget }) => (text.value = currentTarget.value)}
        />
      </label>
      <button type="submit" class="button button-main">
        {say.show}
      </button>
    </form>
  );
}
