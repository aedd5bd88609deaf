import type { Stream } from '../live/stream.ts';
import { words } from '../words/words.ts';

/** Whether what is shown is live. */
export function LiveSign({ stream }: { stream: Stream | null }) {
  const state = stream?.state.value ?? 'opening';
  if (state === 'over') return null;
  return (
    <span class={`live live-${state}`} role="status">
      <span class="live-dot" aria-hidden="true" />
      {words.value.live[state]}
    </span>
  );
}
