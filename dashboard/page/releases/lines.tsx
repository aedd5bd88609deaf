import type { ReleaseRow } from '../../api/index.ts';
import { Icon } from '../parts/icon.tsx';
import { Age, HealthSign } from '../parts/signs.tsx';
import { releasePath } from '../shell/route.ts';
import { words } from '../words/words.ts';
import { closed, toggleTenant } from './list-state.ts';
import { FACETS, countsOf } from './filter.ts';
import type { Facet } from './filter.ts';
import type { Group } from './order.ts';

/** The head of a tenant's Releases, with their counts by colour. */
export function GroupLine({ group, index }: { group: Group; index: number }) {
  const isOpen = !closed.value.has(group.tenant);
  return (
    <div role="row" aria-rowindex={index} class="line-group">
      <div role="cell" aria-colspan={7}>
        <button
          type="button"
          class="group-button"
          data-stop
          aria-expanded={isOpen}
          onClick={() => toggleTenant(group.tenant)}
        >
          <Icon name="open" />
          <span class="group-name">{group.tenant}</span>
          <span class="muted small">{words.value.releases.ofTenant(group.rows.length)}</span>
          <Counts counts={countsOf(group.rows)} of={FACETS.slice(0, 2)} />
        </button>
      </div>
    </div>
  );
}

/** How many Releases have which of these states, without those that none has. */
export function Counts({ counts, of }: { counts: ReturnType<typeof countsOf>; of: readonly Facet[] }) {
  return of.map(
    (facet) =>
      counts[facet] > 0 && (
        <span key={facet} class={`health health-${facet} small num`}>
          {counts[facet]} {words.value.facets[facet]}
        </span>
      ),
  );
}

/** A Release, and why it is as it is. */
export function RowLine({ row, index }: { row: ReleaseRow; index: number }) {
  const say = words.value.releases;
  return (
    <div role="row" aria-rowindex={index} class="line line-row">
      <span role="cell" class="cell-health">
        <HealthSign health={row.health} />
      </span>
      <span role="cell" class="cell-name">
        <a href={releasePath(row)} data-stop>
          {row.name}
        </a>
        <span class="muted namespace">{row.namespace}</span>
      </span>
      <span role="cell" class="cell-why" title={row.message}>
        <Flags row={row} />
        {row.health === 'Green' && row.ready === 'True' ? (
          <span class="muted">{row.reason}</span>
        ) : (
          <>
            <strong>{row.reason}</strong> {row.message}
          </>
        )}
      </span>
      <span role="cell" class="cell-chart">
        {row.chart} <span class="muted num">{row.chartVersion}</span>
      </span>
      <span role="cell" class="cell-version num">
        {row.version === undefined ? <span class="muted">{say.noVersion}</span> : say.version(row.version)}
      </span>
      <span role="cell" class="cell-changed muted">
        <Age at={row.changed} />
      </span>
      <span role="cell" class="cell-age muted">
        <Age at={row.created} />
      </span>
    </div>
  );
}

/** What is to be known of a Release beside its colour. */
export function Flags({ row }: { row: ReleaseRow }) {
  const say = words.value.releases;
  return (
    <>
      {row.waits !== undefined && <span class="flag flag-Yellow">{say.waits[row.waits]}</span>}
      {row.suspended && <span class="flag">{say.suspended}</span>}
      {row.busy && row.waits === undefined && <span class="flag flag-plain">{say.busy}</span>}
    </>
  );
}
