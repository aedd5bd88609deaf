import { useMemo } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { ExplainedRow, ReleaseView, ValuesView } from '../../api/index.ts';
import { useLoaded } from '../live/loaded.ts';
import { apiPath } from '../live/paths.ts';
import { Copy } from '../parts/copy.tsx';
import { FilterField } from '../parts/filter-field.tsx';
import { Failure, Loading, Notice } from '../parts/notices.tsx';
import { TableBody } from '../parts/table-body.tsx';
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
  const rows = useMemo(() => rowsWith(values.explained ?? [], filter.value), [values, filter.value]);
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

type Row = ExplainedRow & { readonly key: string };

function rowsWith(explained: readonly ExplainedRow[], text: string): readonly Row[] {
  const found = explained.filter(({ path, source }) => `${path}\n${source}`.toLowerCase().includes(text.toLowerCase()));
  return found.map((row) => ({ ...row, key: row.path }));
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

function Explained({ rows }: { rows: readonly Row[] }) {
  const say = words.value.values;
  if (rows.length === 0) return <p class="muted">{say.none}</p>;
  return (
    <div class="table-frame" tabIndex={0} role="group" aria-label={say.layers}>
      <table class="explained" aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">{say.columns.path}</th>
            <th scope="col">{say.columns.value}</th>
            <th scope="col">{say.columns.source}</th>
          </tr>
        </thead>
        <TableBody lines={rows} draw={(row, index) => <ExplainedLine key={row.key} row={row} index={index} />} />
      </table>
    </div>
  );
}

function ExplainedLine({ row: { path, value, source, deleted, over }, index }: { row: Row; index: number }) {
  const say = words.value.values;
  return (
    <tr aria-rowindex={index}>
      <th scope="row" class="mono">
        {path}
      </th>
      <td>{deleted === true ? <em>{say.deleted}</em> : <code>{value}</code>}</td>
      <td>
        {source}
        {over.map((below) => (
          <span key={below.source} class="muted small over">
            {say.over(below.value, below.source)}
          </span>
        ))}
      </td>
    </tr>
  );
}
