import { useSignal } from '@preact/signals';
import type { EventRow } from '../../api/index.ts';
import { CheckField } from '../parts/check-field.tsx';
import { FilterField } from '../parts/filter-field.tsx';
import { Age } from '../parts/signs.tsx';
import { Icon } from '../parts/icon.tsx';
import { words } from '../words/words.ts';
import { eventsWith } from './event-filter.ts';

/** All events of a Release and its objects, the newest first. */
export function EventsPage({ events }: { events: readonly EventRow[] }) {
  const text = useSignal('');
  const warnings = useSignal(false);
  const say = words.value.release;
  const shown = eventsWith(events, text.value, warnings.value);
  return (
    <section class="card" aria-labelledby="events">
      <div class="card-head">
        <h2 id="events">{say.tabs.events}</h2>
        <FilterField label={say.eventFilter} text={text} />
        <CheckField label={say.warningsOnly} isChecked={warnings} />
      </div>
      {shown.length === 0 ? <p class="card-body muted">{say.noEvents}</p> : <EventList events={shown} />}
    </section>
  );
}

/** Events, the newest first. */
export function EventList({ events }: { events: readonly EventRow[] }) {
  const say = words.value.release;
  return (
    <ul class="events">
      {events.map((event) => (
        <li key={`${event.object} ${event.reason} ${event.message} ${event.at}`}>
          <span class={event.type === 'Warning' ? 'health health-Yellow' : 'health health-Unknown event-plain'}>
            {event.type === 'Warning' && <Icon name="warn" size={14} />}
            {event.reason}
          </span>
          <span class="mono muted">{event.object}</span>
          {event.count > 1 && <span class="muted small num">{say.times(event.count)}</span>}
          <span class="muted small event-age">
            <Age at={event.at} />
          </span>
          <p>{event.message}</p>
        </li>
      ))}
    </ul>
  );
}
