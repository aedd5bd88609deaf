import { useSignal } from '@preact/signals';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';

const SHOWN_MS = 1_500;

/** Puts a text into the clipboard, and says that it did. */
export function Copy({ text, label }: { text: string; label?: string }) {
  const copied = useSignal(false);
  const { copy } = words.value;
  const put = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    copied.value = true;
    setTimeout(() => (copied.value = false), SHOWN_MS);
  };
  return (
    <button type="button" class="button button-small" onClick={() => void put()} aria-live="polite">
      <Icon name={copied.value ? 'done' : 'copy'} size={14} />
      {copied.value ? copy.copied : (label ?? copy.copy)}
    </button>
  );
}

/** A command line as one would type it, to be copied. */
export function CommandLine({ command }: { command: string }) {
  return (
    <div class="command">
      <pre tabIndex={0}>
        <code>{command}</code>
      </pre>
      <Copy text={command} />
    </div>
  );
}
