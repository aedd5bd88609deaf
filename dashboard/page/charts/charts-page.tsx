import { useSignal } from '@preact/signals';
import type { ChartNames } from '../../api/index.ts';
import { useLoaded } from '../live/loaded.ts';
import { FilterField } from '../parts/filter-field.tsx';
import { Empty, Failure, Loading } from '../parts/notices.tsx';
import { goTo, parameters } from '../shell/place.ts';
import { withQuery } from '../shell/route.ts';
import { PageTitle } from '../shell/shell.tsx';
import { words } from '../words/words.ts';
import { ChartDetails } from './chart-details.tsx';

const KEPT = 'coxswain.registry';

/** The charts of a registry. */
export function ChartsPage() {
  const say = words.value.charts;
  const registry = parameters.value.get('registry') ?? '';
  const chart = parameters.value.get('chart');
  return (
    <div class="page">
      <div class="page-head">
        <PageTitle text={say.title} />
      </div>
      <RegistryForm registry={registry} />
      {registry === '' ? (
        <Empty title={say.none}>
          <p class="muted">{say.noneNext}</p>
        </Empty>
      ) : (
        <div class="columns columns-charts">
          <Names registry={registry} chosen={chart} />
          {chart === null ? (
            <p class="muted">{say.choose}</p>
          ) : (
            <ChartDetails key={chart} registry={registry} chart={chart} version={parameters.value.get('version')} />
          )}
        </div>
      )}
    </div>
  );
}

function RegistryForm({ registry }: { registry: string }) {
  const say = words.value.charts;
  const text = useSignal(registry === '' ? (localStorage.getItem(KEPT) ?? '') : registry);
  const show = (event: Event): void => {
    event.preventDefault();
    localStorage.setItem(KEPT, text.value.trim());
    goTo(withQuery('/charts', { registry: text.value.trim() }));
  };
  return (
    <form class="inline-form" onSubmit={show}>
      <label>
        <span>{say.registry}</span>
        <input
          class="mono"
          required
          value={text.value}
          placeholder="oci://registry.example/charts"
          spellcheck={false}
          onInput={({ currentTarget }) => (text.value = currentTarget.value)}
        />
      </label>
      <button type="submit" class="button button-main">
        {say.show}
      </button>
    </form>
  );
}

function Names({ registry, chosen }: { registry: string; chosen: string | null }) {
  const say = words.value.charts;
  const { answer, error, again } = useLoaded<ChartNames>(withQuery('/api/charts', { registry }));
  const filter = useSignal('');
  if (error !== undefined) return <Failure error={error} again={again} />;
  if (answer === undefined) return <Loading />;
  const names = answer.charts.filter((name) => name.toLowerCase().includes(filter.value.toLowerCase()));
  return (
    <nav class="card" aria-label={say.title}>
      <div class="card-head">
        <FilterField label={say.filter} text={filter} />
      </div>
      <ul class="names">
        {names.map((name) => (
          <li key={name}>
            <a
              href={withQuery('/charts', { registry, chart: name })}
              aria-current={name === chosen ? 'true' : undefined}
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
      {names.length === 0 && <p class="card-body muted">{say.noCharts}</p>}
    </nav>
  );
}
