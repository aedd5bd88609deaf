import { useStream } from '../live/use-stream.ts';
import { CommandLine } from '../parts/copy.tsx';
import { Empty, Loading, Notice } from '../parts/notices.tsx';
import { LiveSign } from '../parts/live-sign.tsx';
import { PageTitle } from '../shell/shell.tsx';
import { words } from '../words/words.ts';
import { FilterBar } from './filter-bar.tsx';
import { followReleases, isPartial, more, refusals, rows, stale } from './live-list.ts';
import { askFor, asked, lines, shown } from './list-state.ts';
import { Refusals } from './refusals.tsx';
import { ReleaseList } from './release-list.tsx';

/** All Releases that the viewer may see. */
export function ReleasesPage() {
  const { namespaces } = asked.value;
  const stream = useStream(() => followReleases(namespaces), [namespaces.join(',')]);
  const say = words.value.releases;
  return (
    <div class="page">
      <div class="page-head">
        <PageTitle text={say.title} />
        <LiveSign stream={stream} />
      </div>
      {stale.why.value !== null && <Notice tone="Yellow">{words.value.live.stale(stale.why.value)}</Notice>}
      <Refusals />
      <FilterBar />
      <Content />
    </div>
  );
}

function Content() {
  const say = words.value.releases;
  if (rows.value === null) return <Loading />;
  if (rows.value.size === 0 && refusals.value.length > 0) return null;
  if (rows.value.size === 0) return <NoReleases />;
  if (shown.value === 0 && isPartial.value) return <Loading />;
  if (shown.value === 0)
    return (
      <Empty title={say.noMatch}>
        <button type="button" class="button" onClick={() => askFor({ text: '', facets: [] })}>
          {say.noMatchNext}
        </button>
      </Empty>
    );
  return (
    <>
      <ReleaseList lines={lines.value} />
      {more.value > 0 && <Notice tone="Yellow">{say.more(more.value)}</Notice>}
    </>
  );
}

function NoReleases() {
  const say = words.value.releases;
  return (
    <Empty title={say.none}>
      <p>{say.noneNext}</p>
      <CommandLine command="kubectl release install NAME oci://HOST/SPACE/CHART -n NAMESPACE" />
    </Empty>
  );
}
