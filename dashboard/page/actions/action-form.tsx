import type { ComponentChildren } from 'preact';
import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { commandOf } from '../../api/index.ts';
import type { Action, ActionAnswer, ActionRequest, ReleaseName } from '../../api/index.ts';
import { send } from '../live/ask.ts';
import { apiPath } from '../live/paths.ts';
import { CommandLine } from '../parts/copy.tsx';
import { Failure, Notice } from '../parts/notices.tsx';
import { announce } from '../shell/announce.ts';
import { words } from '../words/words.ts';
import type { DialogKind } from './open.ts';
import { permissionsFor } from '../rights/permissions.ts';
import { Previewed } from './previewed.tsx';
import { questionOf } from './question.ts';
import type { Preview } from './question.ts';
import { usePreview } from './use-preview.ts';

interface Props {
  readonly kind: DialogKind | 'install' | 'promote';
  /** The Release as it is now; without a generation, one that is to be made. */
  readonly of: ReleaseName & { readonly generation?: number };
  /** Null while there is nothing to do yet. */
  readonly action: Action | null;
  /** Whether the cluster is asked what it would do. */
  readonly previewed?: boolean;
  /** Whether something else is still to be done before it. */
  readonly blocked?: boolean;
  readonly close: () => void;
  /** What follows once it is done. */
  readonly done?: () => void;
  /** What follows when the viewer goes on with a Release that was edited meanwhile. */
  readonly goOn?: () => void;
  readonly children?: ComponentChildren;
}

/** An action: what it means, what it would do, the same as a command, and the button that does it, once all that is known. */
export function ActionForm(props: Props) {
  const { kind, of, action, previewed = false, blocked, close, goOn, children } = props;
  const seen = useSignal(of.generation);
  const { sending, error, go } = useSending(props, seen);
  const { may, preview } = useAsked(of, previewed ? action : null);
  const isMoved = !sending && of.generation !== seen.value;
  const isReady = action !== null && [blocked, preview.busy, isMoved, sending].every((holds) => holds !== true);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (isReady) void go();
  };
  const follow = (): void => {
    seen.value = of.generation;
    goOn?.();
  };
  return (
    <form class="dialog-body" onSubmit={submit}>
      <p>{words.value.actions.explained[kind]}</p>
      {isMoved && <Moved follow={follow} />}
      {children}
      {previewed && <Previewed preview={preview} may={may} />}
      <Command action={action} of={of} />
      {error !== undefined && <Failure error={error} />}
      <End kind={kind} sending={sending} isReady={isReady} close={close} />
    </form>
  );
}

/** What the action would do, and whether the viewer may ask. */
function useAsked(of: Props['of'], action: Action | null): { may: boolean; preview: Preview } {
  // What is to be made has no name yet that rights could be given for.
  const whom = of.generation === undefined ? { namespace: of.namespace } : of;
  const may = action?.do === 'delete' || permissionsFor(whom)?.previews !== false;
  return { may, preview: usePreview(may && action !== null ? questionOf(of, action) : null) };
}

function Command({ action, of }: { action: Action | null; of: ReleaseName }) {
  if (action === null) return null;
  return (
    <div>
      <h3>{words.value.actions.command}</h3>
      <CommandLine command={commandOf(action, of)} />
    </div>
  );
}

interface EndProps extends Pick<Props, 'kind' | 'close'> {
  readonly sending: boolean;
  readonly isReady: boolean;
}

function End({ kind, sending, isReady, close }: EndProps) {
  const say = words.value.actions;
  return (
    <div class="dialog-end">
      <button type="button" class="button" onClick={close}>
        {words.value.cancel}
      </button>
      <button
        type="submit"
        class={`button ${kind === 'delete' ? 'button-danger' : 'button-main'}`}
        aria-disabled={!isReady}
      >
        {sending ? say.busy : say.confirm[kind]}
      </button>
    </div>
  );
}

/** That the Release is another one than the viewer began with: nothing is done before that was read. */
function Moved({ follow }: { follow: () => void }) {
  const say = words.value.actions;
  return (
    <Notice tone="Yellow">
      <p role="alert">{say.moved}</p>
      <p class="notice-end">
        <button type="button" class="button" onClick={follow}>
          {say.goOn}
        </button>
      </p>
    </Notice>
  );
}

interface Sending {
  readonly sending: boolean;
  readonly error: unknown;
  readonly go: () => Promise<void>;
}

function useSending({ kind, of, action, close, done }: Props, seen: Signal<number | undefined>): Sending {
  const sending = useSignal(false);
  const error = useSignal<unknown>(undefined);
  const go = async (): Promise<void> => {
    if (action === null) return;
    sending.value = true;
    error.value = undefined;
    try {
      const { value: generation } = seen;
      const request: ActionRequest = { action, ...(generation !== undefined && { generation }) };
      await send<ActionAnswer>(`${apiPath(of)}/actions`, request);
      announce(words.value.actions.done[kind]);
      close();
      done?.();
    } catch (cause) {
      error.value = cause;
    } finally {
      sending.value = false;
    }
  };
  return { sending: sending.value, error: error.value, go };
}
