import { Failure, Notice } from '../parts/notices.tsx';
import { words } from '../words/words.ts';
import { PreviewPanel } from './preview-panel.tsx';
import type { Preview } from './question.ts';

/** What an action would do, as the cluster has answered, or that the viewer may not ask. */
export function Previewed({ preview: { answer, error, busy }, may }: { preview: Preview; may: boolean }) {
  const say = words.value.preview;
  return (
    <section class="stack" aria-labelledby="preview-title" aria-busy={busy}>
      <h3 id="preview-title">
        {say.title} {busy && <span class="muted small">{say.asking}</span>}
      </h3>
      {!may && <Notice tone="plain">{say.refused}</Notice>}
      {error !== undefined && <Failure error={error} />}
      {answer !== undefined && (
        <div class={busy ? 'stack outdated' : 'stack'}>
          <PreviewPanel answer={answer} />
        </div>
      )}
    </section>
  );
}
