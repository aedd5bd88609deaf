import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { ExplainedRow, ReleaseView, ValuesView } from '../../api/index.ts';
import { useLoaded } from '../live/loaded.ts';
import { apiPath } from '../live/paths.ts';
import { Copy } from '../parts/copy.tsx';
import { FilterField } from '../parts/filter-field.tsx';
import { Failure, Loading, Notice } from '../parts/notices.tsx';
import { goTo, parameters } from '../shell/place.ts';
import { releasePath, withQuery } from '../shell/route.ts';
import { words } from '../words/words.ts';
import { VersionSelect } from './version-select.tsx';
import { chosenVersion } from './chosen-version.ts';

/** The values of a version, and which layer set each. */
export function ValuesPage({ view: { row } }: { view: ReleaseView }) {
  const version = chosenVersion(row, parameters.value);
  const { answer, error, again } = useLoaded<ValuesView>(
    version === undefined ? null : `${apiPath(row)}/versions/${version}/values`,
  );
  const say = words.value.values;
  if (version === undefined) return <p class="muted">{say.noVersion}</p>;
  const choose = (next: number): void => goTo(withQuery(releasePath(row, 'values'), { version: String(next) }));
  return (
    <section class="card" aria-labelledby="values">
      <div class="card-head">
        <h2 id="values">{say.title}</h2>
        <VersionSelect row={row} chosen={version} choose={choose} />
      </div>
      {error !== undefined && <Failure error={error} again={again} />}
      {answer === undefined ? error === undefined && <Loading /> : <Values values={answer} />}
    </section>
  );
}

function Values({ values }: { values: ValuesView }) {
  const say = words.value.values;
  const asYaml = useSignal(values.explained === undefined);
  const filter = useSignal('');
  const rows = (values.explained ?? []).filter(({ path, source }) =>
    `${path}\n${source}`.toLowerCase().includes(filter.value.toLowerCase()),
  );
  return (
    <div class="card-body stack">
      <div class="switch">
        {values.explained !== undefined && <FormSwitch asYaml={asYaml} />}
        {asYaml.value ? <Copy text={values.yaml} /> : <FilterField label={say.filter} text={filter} />}
      </div>
      {values.why !== undefined && <Notice tone="plain">{values.why}</Notice>}
      {asYaml.value ? <Yaml text={values.yaml} /> : <Explained rows={rows} />}
    </div>
  );
}

function FormSwitch({ asYaml }: { asYaml: Signal<boolean> }) {
  const say = words.value.values;
  const button = (isYaml: boolean, word: string) => (
    <button
      type="button"
      class="button button-small"
      aria-pressed={asYaml.value === isYaml}
      onClick={() => (asYaml.value = isYaml)}
    >
      {word}
    </button>
  );
  return (
    <>
      {button(false, say.layers)}
      {button(true, say.yaml)}
    </>
  );
}

function Yaml({ text }: { text: string }) {
  const isNone = ['', '{}'].includes(text.trim());
  return (
    <pre class="block block-tall" tabIndex={0}>
      {isNone ? words.value.values.none : text}
    </pre>
  );
}

function Explained({ rows }: { rows: readonly ExplainedRow[] }) {
  const say = words.value.values;
  if (rows.length === 0) return <p class="muted">{say.none}</p>;
  return (
    <div class="table-frame" tabIndex={0} role="group" aria-label={say.layers}>
      <table class="explained">
        <thead>
          <tr>
            <th scope="col">{say.columns.path}</th>
            <th scope="col">{say.columns.value}</th>
            <th scope="col">{say.columns.source}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.path}>
              <th scope="row" class="mono">
                {row.path}
              </th>
              <td>{row.deleted === true ? <em>{say.deleted}</em> : <code>{row.value}</code>}</td>
              <td>
                {row.source}
                {row.over.map(({ value, source }) => (
                  <span key={source} class="muted small over">
                    {say.over(value, source)}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
