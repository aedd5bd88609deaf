import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon.tsx';
import { words } from '../words/words.ts';
import { FACETS } from './filter.ts';
import type { Facet } from './filter.ts';
import { askFor, asked, counts, moved, orderAnew, shown } from './list-state.ts';
import { isPartial, rows } from './live-list.ts';
import { ORDERS } from './order.ts';

/** What narrows the list: a text, the colours with their counts, and the order. */
export function FilterBar() {
  const say = words.value.releases;
  const sayShown = isPartial.value ? say.reading : say.shown;
  return (
    <search class="filter">
      <SearchField />
      <div class="facets" role="group" aria-label={say.filterBy}>
        {FACETS.map((facet) => (
          <FacetButton key={facet} facet={facet} />
        ))}
      </div>
      <label class="order">
        <span>{say.order}</span>
        <OrderSelect />
      </label>
      <div class="filter-state small muted">
        <p role="status">{rows.value !== null && sayShown(shown.value, rows.value.size)}</p>
        {moved.value > 0 && (
          <button type="button" class="link" onClick={orderAnew}>
            {say.reorder(moved.value)}
          </button>
        )}
      </div>
    </search>
  );
}

function OrderSelect() {
  const say = words.value.releases;
  const choose = (text: string): void => askFor({ order: ORDERS.find((order) => order === text) ?? ORDERS[0] });
  return (
    <select value={asked.value.order} onChange={({ currentTarget }) => choose(currentTarget.value)}>
      {ORDERS.map((order) => (
        <option key={order} value={order}>
          {say.orders[order]}
        </option>
      ))}
    </select>
  );
}

function SearchField() {
  const field = useRef<HTMLInputElement>(null);
  const say = words.value.releases;
  useEffect(() => {
    const come = (event: KeyboardEvent): void => {
      if (event.key !== '/' || isTyping(event.target)) return;
      event.preventDefault();
      field.current?.select();
    };
    addEventListener('keydown', come);
    return () => removeEventListener('keydown', come);
  }, []);
  return (
    <label class="search-field" title={say.searchHint}>
      <Icon name="search" />
      <span class="hidden">{say.search}</span>
      <input
        ref={field}
        type="search"
        value={asked.value.text}
        placeholder={say.search}
        spellcheck={false}
        autocomplete="off"
        onInput={({ currentTarget }) => askFor({ text: currentTarget.value })}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null;
}

const SIGNS: Readonly<Record<Facet, IconName>> = {
  Red: 'Red',
  Yellow: 'Yellow',
  Green: 'Green',
  Unknown: 'Unknown',
  waiting: 'wait',
  suspended: 'pause',
};

function FacetButton({ facet }: { facet: Facet }) {
  const { facets } = asked.value;
  const isOn = facets.includes(facet);
  const toggle = (): void => askFor({ facets: isOn ? facets.filter((other) => other !== facet) : [...facets, facet] });
  const number = counts.value[facet];
  return (
    <button
      type="button"
      class={`facet health-${facet} ${number === 0 && !isOn ? 'facet-none' : ''}`}
      aria-pressed={isOn}
      onClick={toggle}
    >
      <Icon name={SIGNS[facet]} />
      <span class="facet-word">{words.value.facets[facet]}</span>
      <span class="num facet-count">{number}</span>
    </button>
  );
}
