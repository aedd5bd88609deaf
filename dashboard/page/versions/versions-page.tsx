import { useMemo } from 'preact/hooks';
import type { DiffView, ReleaseView, VersionRow } from '../../api/index.ts';
import { openAction } from '../actions/open.ts';
import { ActionButton } from '../actions/action-button.tsx';
import { useLoaded } from '../live/loaded.ts';
import { apiPath } from '../live/paths.ts';
import { Failure, Loading } from '../parts/notices.tsx';
import { Age } from '../parts/signs.tsx';
import { TableBody } from '../parts/table-body.tsx';
import { goTo, parameters } from '../shell/place.ts';
import { releasePath, withQuery } from '../shell/route.ts';
import { words } from '../words/words.ts';
import { pairOf } from './pair.ts';
import type { Pair } from './pair.ts';
import { Diff } from './diff-view.tsx';

/** The versions of a Release, the newest first, and what differs between two. */
export function VersionsPage({ view: { row } }: { view: ReleaseView }) {
  // Asked again when the version in force changes: then there is one more, or another is in force.
  const { answer, error, again } = useLoaded<VersionRow[]>(`${apiPath(row)}/versions`, row.version);
  const say = words.value.versions;
  if (error !== undefined) return <Failure error={error} again={again} />;
  if (answer === undefined) return <Loading />;
  if (answer.length === 0) return <p class="muted">{say.none}</p>;
  const pair = pairOf(answer, parameters.value);
  const compare = (next: Partial<Pair>): void => {
    const { from, to } = { ...pair, ...next };
    goTo(withQuery(releasePath(row, 'versions'), { from: String(from), to: String(to) }), 'replace');
  };
  return (
    <>
      <section class="card" aria-labelledby="versions">
        <div class="card-head">
          <h2 id="versions">{say.title}</h2>
          <a class="button button-small" href={withQuery(releasePath(row, 'versions'), { live: '1' })}>
            {say.liveButton}
          </a>
        </div>
        <div class="table-frame" tabIndex={0} role="group" aria-label={say.title}>
          <VersionTable versions={answer} pair={pair} compare={compare} row={row} />
        </div>
      </section>
      <Compared row={row} pair={pair} />
    </>
  );
}

interface TableProps {
  readonly versions: readonly VersionRow[];
  readonly pair: Pair;
  readonly compare: (next: Partial<Pair>) => void;
  readonly row: ReleaseView['row'];
}

function VersionTable({ versions, ...others }: TableProps) {
  const lines = useMemo(() => versions.map((version) => ({ key: String(version.version), version })), [versions]);
  return (
    <table class="versions" aria-rowcount={lines.length + 1}>
      <VersionHeads />
      <TableBody
        lines={lines}
        draw={({ key, version }, index) => <VersionLine key={key} version={version} index={index} {...others} />}
      />
    </table>
  );
}

function VersionHeads() {
  const { columns } = words.value.versions;
  return (
    <thead>
      <tr aria-rowindex={1}>
        {Object.entries(columns).map(([key, title]) => (
          <th key={key} scope="col" class={`column-${key}`}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface LineProps extends Omit<TableProps, 'versions'> {
  readonly version: VersionRow;
  readonly index: number;
}

function VersionLine({ version, index, pair, compare, row }: LineProps) {
  const say = words.value.versions;
  const { version: number } = version;
  const pick = (side: 'from' | 'to') => (
    <input
      type="radio"
      name={side}
      aria-label={say[side](number)}
      checked={!pair.live && pair[side] === number}
      onChange={() => compare({ [side]: number })}
    />
  );
  return (
    <tr class={version.inForce ? 'version-in-force' : undefined} aria-rowindex={index}>
      <td class="column-compare">
        {pick('from')} {pick('to')}
      </td>
      <th scope="row" class="num">
        {number} {version.inForce && <span class="flag flag-Green">{say.inForce}</span>}
        {version.unfinished && <span class="flag flag-Yellow">{say.unfinished}</span>}
        {version.tests !== undefined && (
          <span class={`flag flag-${version.tests === 'Failed' ? 'Red' : 'Green'}`}>{say.tests[version.tests]}</span>
        )}
      </th>
      <td class="muted">
        <Age at={version.createdAt} />
      </td>
      <td>
        <span class="flag">{say.causes[version.cause]}</span>
        {version.reason}
      </td>
      <td class="column-by">{version.by}</td>
      <td title={version.digest}>
        {version.chart} {version.chartVersion}
        {version.appVersion !== undefined && <span class="muted small"> {say.app(version.appVersion)}</span>}
      </td>
      <td class="num muted">{say.changes(version.changes)}</td>
      <td class="column-actions">
        <VersionLinks row={row} version={version} />
      </td>
    </tr>
  );
}

function VersionLinks({ row, version: { version, inForce } }: Pick<LineProps, 'row' | 'version'>) {
  const say = words.value.versions;
  return (
    <>
      <a href={withQuery(releasePath(row, 'values'), { version: String(version) })}>{say.values}</a>{' '}
      <a href={withQuery(releasePath(row, 'manifest'), { version: String(version) })}>{say.manifest}</a>{' '}
      {!inForce && (
        <ActionButton
          action="rollback"
          of={row}
          label={say.goBackTo(version)}
          small
          onClick={() => openAction({ kind: 'rollback', version })}
        >
          {say.goBack}
        </ActionButton>
      )}
    </>
  );
}

function Compared({ row, pair }: { row: ReleaseView['row']; pair: Pair }) {
  const query = pair.live ? 'live=1' : `from=${pair.from}&to=${pair.to}`;
  const isPair = pair.live || pair.from !== pair.to;
  const { answer, error, busy, again } = useLoaded<DiffView>(isPair ? `${apiPath(row)}/diff?${query}` : null);
  const say = words.value.versions;
  return (
    <section aria-labelledby="compared" class="compared" aria-busy={busy}>
      <h2 id="compared">{pair.live ? say.live : say.compare(pair.from, pair.to)}</h2>
      {error !== undefined && <Failure error={error} again={again} />}
      {busy && answer === undefined && <Loading />}
      {answer !== undefined && <Diff diff={answer} />}
      {!isPair && <p class="muted">{words.value.diff.same}</p>}
    </section>
  );
}
