import type { OperationView, ReleaseView } from '../../api/index.ts';
import { Icon } from '../parts/icon.tsx';
import { Age } from '../parts/signs.tsx';
import { lengthOf } from '../words/age.ts';
import { words } from '../words/words.ts';
import { phaseTimes } from './live-release.ts';
import { stepsOf } from './steps.ts';

/** What is under way, or was done last: its phases, and its hooks. */
export function Operation({ view }: { view: ReleaseView }) {
  const { operation, spec } = view;
  const say = words.value.release;
  if (operation === undefined) return null;
  const steps = stepsOf(operation.phase, { beside: spec.strategy?.type === 'BlueGreen', tests: spec.tests?.enable });
  return (
    <section class="card" aria-labelledby="operation">
      <div class="card-head">
        <h2 id="operation">
          {say.operations[operation.type]} · {say.version(operation.version)}
        </h2>
        <span class="muted small">
          <Age at={operation.startedAt} />
        </span>
      </div>
      <ol class="steps">
        {steps.map(({ phase, state }) => (
          <li key={phase} class={`step step-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
            <StepSign state={state} />
            <span>{say.phases[phase]}</span>
            <span class="hidden">{stateWord(state)}</span>
            <Took ms={phaseTimes.value.took.get(phase)} />
          </li>
        ))}
      </ol>
      <Hooks title={say.hooks} hooks={operation.hooks} />
      {view.tests !== undefined && (
        <Hooks title={`${say.tests} ${say.testsOf(view.tests.version)}`} hooks={view.tests.results} />
      )}
    </section>
  );
}

function stateWord(state: 'done' | 'now' | 'ahead'): string {
  const say = words.value.release;
  return { done: say.phaseDone, now: say.phaseNow, ahead: say.phaseAhead }[state];
}

/** What is shorter than a second says nothing. */
function Took({ ms }: { ms: number | undefined }) {
  if (ms === undefined || ms < 1_000) return null;
  return <span class="muted small num">{lengthOf(ms / 1_000)}</span>;
}

function StepSign({ state }: { state: 'done' | 'now' | 'ahead' }) {
  if (state === 'done') return <Icon name="done" size={14} />;
  return <span class="step-dot" aria-hidden="true" />;
}

function Hooks({ title, hooks }: { title: string; hooks: OperationView['hooks'] }) {
  const say = words.value.release;
  if (hooks.length === 0) return null;
  return (
    <div class="card-body">
      <h3>{title}</h3>
      <ul class="hooks">
        {hooks.map((hook) => (
          <li key={`${hook.run} ${hook.kind}/${hook.name}`}>
            <span class={`health health-${COLOURS[hook.phase]}`}>
              <Icon name={COLOURS[hook.phase]} />
              {say.hookPhases[hook.phase]}
            </span>{' '}
            <span class="muted">{hook.kind}</span> {hook.name} <span class="muted small">{hook.run}</span>
            {hook.message !== undefined && <p class="small">{hook.message}</p>}
            {hook.log !== undefined && (
              <pre class="block" tabIndex={0}>
                {hook.log}
              </pre>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

const COLOURS = { Running: 'Yellow', Succeeded: 'Green', Failed: 'Red' } as const;
