import type { ComponentChildren } from 'preact';
import { useSignal } from '@preact/signals';
import { commandOf } from '../../api/index.ts';
import type { Deed, DeedAnswer, DeedRequest, ReleaseName } from '../../api/index.ts';
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
  readonly kind: DialogKind | 'install' | 'promote';
  /** The Release, and the generation of it that the viewer saw; none of one that is to be made. */
  readonly of: ReleaseName & { readonly generation?: number };
  /** Null while there is nothing to do yet. */
  readonly deed: Deed | null;
  /** Whether the cluster is asked what it would do. */
  readonly previewed?: boolean;
  /** Whether something else is still to be done before it. */
  readonly blocked?: boolean;
  readonly close: () => void;
  /** What follows once it is done. */
  readonly done?: () => void;
  readonly children?: ComponentChildren;
}

/** A deed: what it means, what it would do, the same as a command, and the button that does it. */
export function DeedForm({ kind, of, deed, previewed = false, blocked = false, close, done, children }: Props) {
  const sending = useSignal(false);
  const error = useSignal<unknown>(undefined);
  const say = words.value.deeds;
  const go = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (deed === null || blocked || sending.value) return;
    sending.value = true;
    error.value = undefined;
    try {
      const { generation } = of;
      const request: DeedRequest = { deed, ...(generation !== undefined && { generation }) };
      await send<DeedAnswer>(`${apiPath(of)}/deeds`, request);
      announce(say.done[kind]);
      close();
      done?.();
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
      {previewed && <Previewed of={of} deed={deed} />}
      {deed !== null && (
        <div>
          <h3>{say.command}</h3>
          <CommandLine command={commandOf(deed, of)} />
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

function Previewed({ of, deed }: { of: ReleaseName; deed: Deed | null }) {
  const may = permissionsIn(of.namespace)?.previews !== false || deed?.do === 'delete';
  const { answer, error, busy } = usePreview(of, may ? deed : null);
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
