import type { ReleaseView } from '../../api/index.ts';
import { Notice } from '../parts/notices.tsx';
import { releasePath } from '../shell/route.ts';
import { words } from '../words/words.ts';
import { Conditions } from './conditions.tsx';
import { EventList } from './events.tsx';
import { eventsWith } from './event-filter.ts';
import { Notes } from './notes.tsx';
import { Operation } from './operation.tsx';
import { HealthStrip } from './recent/health-strip.tsx';
import { RestartBars } from './recent/restart-bars.tsx';
import { Tree } from './tree/tree.tsx';

const LATEST = 6;

/** What a Release consists of, what goes on, and what was said of it. */
export function Overview({ view }: { view: ReleaseView }) {
  const say = words.value.release;
  const latest = eventsWith(view.events, '', false).slice(0, LATEST);
  return (
    <div class="columns">
      <div class="column">
        <Tree root={view.tree} owner={view.row} />
        <Missing texts={view.missing} />
        <Notes row={view.row} />
      </div>
      <div class="column">
        <Operation view={view} />
        <HealthStrip view={view} />
        <RestartBars view={view} />
        <Conditions conditions={view.conditions} />
        <section class="card" aria-labelledby="latest">
          <div class="card-head">
            <h2 id="latest">{say.recentEvents}</h2>
            <a href={releasePath(view.row, 'events')}>{say.allEvents}</a>
          </div>
          {latest.length === 0 ? <p class="card-body muted">{say.noEvents}</p> : <EventList events={latest} />}
        </section>
      </div>
    </div>
  );
}

function Missing({ texts }: { texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <Notice tone="plain">
      <p class="notice-title">{words.value.release.missing}</p>
      {texts.map((text) => (
        <p key={text} class="small muted">
          {text}
        </p>
      ))}
    </Notice>
  );
}
