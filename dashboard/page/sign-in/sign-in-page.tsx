import { useSignal } from '@preact/signals';
import type { SignIn, SignInWays } from '../../api/index.ts';
import { forgetPermissions } from '../rights/permissions.ts';
import { AnswerError, askViewer, send } from '../live/ask.ts';
import { useLoaded } from '../live/loaded.ts';
import { Failure, Loading, Notice } from '../parts/notices.tsx';
import { DisplaySettings, PageTitle } from '../shell/shell.tsx';
import { words } from '../words/words.ts';

/** How one gets in. */
export function SignInPage() {
  const { answer, error, again } = useLoaded<SignInWays>('/api/sign-in');
  const say = words.value.signIn;
  return (
    <main class="sign-in">
      <div class="card card-body stack">
        <PageTitle text={say.title} />
        <p class="muted">{say.ended}</p>
        {error !== undefined && <Failure error={error} again={again} />}
        {answer?.failure !== undefined && <Failure error={new AnswerError(answer.failure, 401)} />}
        {answer === undefined ? error === undefined && <Loading /> : <Ways ways={answer.ways} />}
      </div>
      <div class="sign-in-looks">
        <DisplaySettings />
      </div>
    </main>
  );
}

function Ways({ ways }: { ways: SignInWays['ways'] }) {
  const say = words.value.signIn;
  return (
    <>
      {ways.includes('oidc') && (
        <a class="button button-main" href="/api/sign-in/oidc">
          {say.oidc}
        </a>
      )}
      {ways.includes('oidc') && ways.includes('token') && <p class="muted or">{say.or}</p>}
      {ways.includes('token') && <TokenForm />}
      {ways.includes('proxy') && <Notice tone="plain">{say.proxy}</Notice>}
      {ways.includes('kubeconfig') && <Notice tone="plain">{say.kubeconfig}</Notice>}
    </>
  );
}

function TokenForm() {
  const token = useSignal('');
  const error = useSignal<unknown>(undefined);
  const say = words.value.signIn;
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    error.value = undefined;
    try {
      const body: SignIn = { token: token.value.trim() };
      await send('/api/sign-in', body);
      token.value = '';
      forgetPermissions();
      await askViewer();
    } catch (cause) {
      error.value = cause;
    }
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <label class="field">
        <span>{say.token}</span>
        <input
          type="password"
          autocomplete="off"
          required
          value={token.value}
          aria-describedby="token-hint"
          onInput={({ currentTarget }) => (token.value = currentTarget.value)}
        />
      </label>
      <p id="token-hint" class="muted small">
        {say.tokenHint}
      </p>
      {error.value !== undefined && <Failure error={error.value} />}
      <button type="submit" class="button button-main">
        {say.submit}
      </button>
    </form>
  );
}
