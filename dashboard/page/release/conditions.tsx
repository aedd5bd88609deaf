import type { ReleaseView } from '../../api/index.ts';
import { Age } from '../parts/signs.tsx';
import { Icon } from '../parts/icon.tsx';
import { words } from '../words/words.ts';

type Condition = ReleaseView['conditions'][number];

/** What the controller says of a Release, as `kubectl describe` would show it. */
export function Conditions({ conditions }: { conditions: readonly Condition[] }) {
  const say = words.value.release;
  if (conditions.length === 0) return null;
  return (
    <section class="card" aria-labelledby="conditions">
      <div class="card-head">
        <h2 id="conditions">{say.conditions}</h2>
      </div>
      <dl class="conditions">
        {conditions.map((condition, index) => (
          <div key={condition.type}>
            <dt>
              <span class={`health health-${colourOf(condition)}`}>
                <Icon name={colourOf(condition)} />
                {condition.type} {condition.status}
              </span>
              <span class="muted small">
                {condition.reason} · <Age at={condition.lastTransitionTime} />
              </span>
            </dt>
            <dd>{isSaidBefore(conditions, index) ? <span class="muted">{say.asAbove}</span> : condition.message}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** A cause is that of several conditions: it is read once. */
function isSaidBefore(conditions: readonly Condition[], index: number): boolean {
  const { message } = conditions[index] ?? {};
  return message !== '' && conditions.slice(0, index).some((before) => before.message === message);
}

/** Whether a condition is as it should be. */
function colourOf({ type, status, reason }: Condition): 'Green' | 'Yellow' | 'Red' {
  if (reason === 'ApprovalAwaited') return 'Yellow';
  if (type === 'Stalled') return status === 'True' ? 'Red' : 'Green';
  if (type === 'Drifted') return status === 'False' ? 'Green' : 'Yellow';
  if (type === 'Reconciling') return 'Yellow';
  if (status === 'True') return 'Green';
  return type === 'Healthy' && status === 'False' ? 'Red' : 'Yellow';
}
