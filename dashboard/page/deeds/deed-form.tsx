import type { ComponentChildren } from 'preact';
import { useSignal } from '@preact/signals';
import { commandOf } from '../../api/index.ts';
import type { Deed, DeedAnswer, DeedRequest, ReleaseRow } from '../../api/index.ts';
import { send } from '../live/ask.ts';
import { apiPath } from '../live/paths.ts';
import { CommandLine } from '../parts/copy.tsx';
import { Failure, Notice } from '../parts/notices.tsx';
import { announce } from '../shell/announce.ts';
import { words } from '../words/words.ts';
import type { DialogKind } from './open.ts';
import { permissionsIn } from './permissions.ts';
import { PreviewPanel } from './preview-panel.tsx';
import { usePreview } from './use-preview.ts';

interface Props {
  readonly kind: DialogKind;
  readonly row: ReleaseRow;
  /** Null while there is nothing to do yet. */
  readonly deed: Deed | null;
  /** Whether the cluster is asked what it would do. */
  readonly previewed?: boolean;
  /** Whether something else is still to be done before it. */
  readonly blocked?: boolean;
  readonly close: () => void;
  readonly children?: ComponentChildren;
}

/** A deed: what it means, what it would do, the same as a command, and the button that does it. */
export function DeedForm({ kind, row, deed, previewed = false, blocked = false, close, children }: Props) {
  const sending = useSignal(false);
  const error = useSignal<unknown>(undefined);
  const say = words.value.deeds;
  const go = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (deed === null || blocked || sending.value) return;
    sending.value = true;
    error.value = undefined;
    try {
      const request: DeedRequest = { deed, generation: row.generation };
      await send<DeedAnswer>(`${apiPath(row)}/deeds`, request);
      announce(say.done[kind]);
      close();
    } catch (cause) {
      error.value = cause;
    } finally {
      sending.value = false;
    }
  };
  return (
    <form class="dialog-body" onSubmit={(event) => void go(event)}>
      <p>{say.explained[kind]}</p>
      {children}
      {previewed && <Previewed row={row} deed={deed} />}
      {deed !== null && (
        <div>
          <h3>{say.command}</h3>
          <CommandLine command={commandOf(deed, row)} />
        </div>
      )}
      {error.value !== undefined && <Failure error={error.value} />}
      <div class="dialog-end">
        <button type="button" class="button" onClick={close}>
          {words.value.cancel}
        </button>
        <button
          type="submit"
          class={`button ${kind === 'delete' ? 'button-danger' : 'button-main'}`}
          aria-disabled={deed === null || blocked || sending.value}
        >
          {sending.value ? say.busy : say.confirm[kind]}
        </button>
      </div>
    </form>
  );
}

function Previewed({ row, deed }: { row: ReleaseRow; deed: Deed | null }) {
  const may = permissionsIn(row.namespace)?.previews !== false || deed?.do === 'delete';
  const { answer, error, busy } = usePreview(row, may ? deed : null);
  const say = words.value.preview;
  return (
    <section class="stack" aria-labelledby="preview-title" aria-busy={busy}>
      <h3 id="preview-title">
        {say.title} {busy && <span class="muted small">{say.asking}</span>}
      </h3>
      {!may && <Notice tone="plain">{say.refused}</Notice>}
      {error !== undefined && <Failure error={error} />}
      {answer !== undefined && <PreviewPanel answer={answer} />}
    </section>
  );
}
