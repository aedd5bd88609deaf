import type { ReleaseView } from '../../../api/index.ts';
import { now } from '../../live/clock.ts';
import { lengthOf } from '../../words/age.ts';
import { words } from '../../words/words.ts';
import { restarts } from '../live-release.ts';
import { RECENT_HOURS, RECENT_MS } from './recent.ts';
import { restartsBetween } from './restarts.ts';

/** Of ten minutes each. */
const BARS = RECENT_HOURS * 6;

/** How often containers began anew in the last hours, and in words. */
export function RestartBars({ view: { tree } }: { view: ReleaseView }) {
  const say = words.value.release;
  const end = now.value;
  const recent = restartsBetween(restarts.value, tree, { from: end - RECENT_MS, to: end, parts: BARS });
  if (recent === undefined) return null;
  const { parts, number, last, others } = recent;
  const most = Math.max(...parts);
  return (
    <section class="card" aria-labelledby="restarts">
      <div class="card-head">
        <h2 id="restarts">{say.lastRestarts(RECENT_HOURS)}</h2>
      </div>
      <div class="card-body stack">
        <div class="bars" aria-hidden="true">
          {parts.map((count, index) => (
            <span key={index} style={{ height: `${(count / most) * 100}%` }} />
          ))}
        </div>
        <p class="small muted">
          {say.restartsKnown(number, lengthOf((end - last) / 1000))} {others > 0 && say.restartsOther(others)}
        </p>
      </div>
    </section>
  );
}
