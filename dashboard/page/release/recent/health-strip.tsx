import type { ReleaseView } from '../../../api/index.ts';
import { now } from '../../live/clock.ts';
import { lengthOf } from '../../words/age.ts';
import { words } from '../../words/words.ts';
import { RECENT_HOURS, RECENT_MS } from './recent.ts';
import { lastOf, spansOf } from './health-spans.ts';
import type { HealthSpan } from './health-spans.ts';

/** The colours of the last hours, side by side, and in words. */
export function HealthStrip({ view: { row, events } }: { view: ReleaseView }) {
  const say = words.value.release;
  const end = now.value;
  const start = end - RECENT_MS;
  const spans = lastOf(spansOf(events, row, end), start);
  const [first] = spans;
  if (first === undefined || spans.length < 2) return null;
  const inWords = spans.map((span) => wordsOf(span)).join(', ');
  return (
    <section class="card" aria-labelledby="strip">
      <div class="card-head">
        <h2 id="strip">{say.lastHours(RECENT_HOURS)}</h2>
      </div>
      <div class="card-body stack">
        <div class="strip" role="img" aria-label={inWords}>
          <span style={{ flexGrow: first.from - start }} />
          {spans.map((span) => (
            <span
              key={span.from}
              class={`strip-${span.health}`}
              title={wordsOf(span)}
              style={{ flexGrow: span.to - span.from }}
            />
          ))}
        </div>
        <p class="small muted" aria-hidden="true">
          {inWords}
        </p>
      </div>
    </section>
  );
}

function wordsOf({ health, from, to }: HealthSpan): string {
  return `${words.value.health[health]} ${lengthOf((to - from) / 1000)}`;
}
