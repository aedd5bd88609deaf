import { useSignal } from '@preact/signals';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';

const SHOWN_MS = 1_500;

/** Puts a text into the clipboard, and says whether it did. */
export function Copy({ text, label }: { text: string; label?: string }) {
  const copied = useSignal<boolean | null>(false);
  const { copy } = words.value;
  const put = async (): Promise<void> => {
    // Without TLS, or where the viewer forbids it, a browser gives no clipboard.
    copied.value = await write(text).catch(() => null);
    if (copied.value === true) setTimeout(() => (copied.value = false), SHOWN_MS);
  };
  const told = copied.value === null ? copy.notCopied : (label ?? copy.copy);
  return (
    <button type="button" class="button button-small" onClick={() => void put()} aria-live="polite">
      <Icon name={copied.value === true ? 'done' : 'copy'} size={14} />
      {copied.value === true ? copy.copied : told}
    </button>
  );
}

async function write(text: string): Promise<true> {
  await navigator.clipboard.writeText(text);
  return true;
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
