import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { ReleaseName, ReleaseRow, ReleaseView } from '../../api/index.ts';
import type { Stream } from '../live/stream.ts';
import { Actions, WaitingPlan } from '../deeds/actions.tsx';
import { DeedDialogs } from '../deeds/dialogs.tsx';
import { LogsPage } from '../logs/logs-page.tsx';
import { LiveSign } from '../parts/live-sign.tsx';
import { Empty, Loading, Notice } from '../parts/notices.tsx';
import { Age, HealthSign } from '../parts/signs.tsx';
import { Flags } from '../releases/lines.tsx';
import { RELEASE_TABS, releasePath } from '../shell/route.ts';
import type { ReleaseTab } from '../shell/route.ts';
import { PageTitle } from '../shell/shell.tsx';
import { ManifestPage } from '../versions/manifest-page.tsx';
import { ValuesPage } from '../versions/values-page.tsx';
import { VersionsPage } from '../versions/versions-page.tsx';
import { words } from '../words/words.ts';
import { EventsPage } from './events.tsx';
import { followRelease, gone, stale, view } from './live-release.ts';
import { Overview } from './overview.tsx';

/** One Release, and all that hangs on it. */
export function ReleasePage({ namespace, name, tab }: { namespace: string; name: string; tab: ReleaseTab }) {
  const stream = useSignal<Stream | null>(null);
  useEffect(() => {
    const opened = followRelease({ namespace, name });
    stream.value = opened;
    return () => opened.close();
  }, [namespace, name]);
  const say = words.value.release;
  // Until the first answer for this address, what is known is of the one before.
  const shown = isOf(view.value, { namespace, name }) ? view.value : null;
  return (
    <div class="page">
      <div class="page-head">
        <nav class="crumbs" aria-label={say.back}>
          <a href="/">{say.back}</a> / <a href={`/?q=${encodeURIComponent(`${namespace}/`)}`}>{namespace}</a> /
        </nav>
        <LiveSign stream={stream.value} />
      </div>
      {stale.value !== null && <Notice tone="Yellow">{words.value.live.stale(stale.value)}</Notice>}
      {gone.value !== null && <Gone message={gone.value} />}
      {shown === null ? gone.value === null && <Loading /> : <Known shown={shown} tab={tab} />}
    </div>
  );
}

function isOf(shown: ReleaseView | null, { namespace, name }: ReleaseName): boolean {
  return shown?.row.namespace === namespace && shown.row.name === name;
}

function Gone({ message }: { message: string }) {
  const say = words.value.release;
  return (
    <Empty title={say.gone}>
      <p>{message}</p>
      <a href="/">{say.goneNext}</a>
    </Empty>
  );
}

function Known({ shown, tab }: { shown: ReleaseView; tab: ReleaseTab }) {
  const { row } = shown;
  const say = words.value.release;
  return (
    <>
      <div class="headline">
        <Headline row={row} />
        <Actions view={shown} />
      </div>
      <Why view={shown} />
      <WaitingPlan view={shown} />
      <nav class="tabs" aria-label={say.tabs.label}>
        {RELEASE_TABS.map((other) => (
          <a key={other} href={releasePath(row, other)} aria-current={other === tab ? 'page' : undefined}>
            {say.tabs[other]}
          </a>
        ))}
      </nav>
      <Tab shown={shown} tab={tab} />
      <DeedDialogs view={shown} />
    </>
  );
}

function Headline({ row }: { row: ReleaseRow }) {
  const say = words.value.release;
  return (
    <>
      <PageTitle text={row.name}>
        <HealthSign health={row.health} /> {row.name}
      </PageTitle>
      <p class="muted">
        {row.chart} {row.chartVersion} · {row.version === undefined ? say.noVersion : say.version(row.version)} ·{' '}
        {words.value.health[row.health]} {say.since} <Age at={row.changed} />
      </p>
    </>
  );
}

/** Why it is as it is: the first thing to be read. */
function Why({ view: { row, rolledBack } }: { view: ReleaseView }) {
  const say = words.value.release;
  const isWell = row.health === 'Green' && row.ready === 'True';
  return (
    <>
      {(!isWell || row.suspended) && (
        <Notice tone={toneOf(row)}>
          <p>
            <Flags row={row} />
            <strong>{row.reason}</strong> <span class="why-message">{row.message}</span>
          </p>
        </Notice>
      )}
      {rolledBack !== undefined && (
        <Notice tone="Yellow">
          <p class="notice-title">{say.rolledBack(rolledBack.version, rolledBack.to)}</p>
          <p>{rolledBack.reason}</p>
        </Notice>
      )}
    </>
  );
}

function toneOf({ health, ready }: ReleaseRow): 'Red' | 'Yellow' | 'plain' {
  if (health === 'Red') return 'Red';
  return health === 'Green' && ready === 'True' ? 'plain' : 'Yellow';
}

function Tab({ shown, tab }: { shown: ReleaseView; tab: ReleaseTab }) {
  switch (tab) {
    case 'overview':
      return <Overview view={shown} />;
    case 'events':
      return <EventsPage events={shown.events} />;
    case 'versions':
      return <VersionsPage view={shown} />;
    case 'values':
      return <ValuesPage view={shown} />;
    case 'manifest':
      return <ManifestPage view={shown} />;
    case 'logs':
      return <LogsPage view={shown} />;
  }
}
