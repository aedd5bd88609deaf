import { useSignal } from '@preact/signals';
import type { ReleaseName, ReleaseRow, ReleaseView } from '../../api/index.ts';
import { useStream } from '../live/use-stream.ts';
import { Actions, WaitingPlan } from '../actions/actions.tsx';
import { ActionDialogs } from '../actions/dialogs.tsx';
import type { ReadPermission } from '../rights/permissions.ts';
import { WhereReadable, whyUnreadable } from '../rights/readable.tsx';
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
import { followRelease, gone, refused, stale, view } from './live-release.ts';
import { Overview } from './overview.tsx';

/** One Release, and all that hangs on it. */
export function ReleasePage({ namespace, name, tab }: { namespace: string; name: string; tab: ReleaseTab }) {
  const round = useSignal(0);
  const stream = useStream(() => followRelease({ namespace, name }), [namespace, name, round.value]);
  const isAbsent = gone.value !== null || refused.value !== null;
  const say = words.value.release;
  // Until the first answer for this address, what is known is of the one before.
  const shown = isOf(view.value, { namespace, name }) ? view.value : null;
  return (
    <div class="page">
      <div class="page-head">
        <nav class="crumbs" aria-label={say.back}>
          <a href="/">{say.back}</a> / <a href={`/?q=${encodeURIComponent(`${namespace}/`)}`}>{namespace}</a> /
        </nav>
        <LiveSign stream={stream} />
      </div>
      {stale.why.value !== null && <Notice tone="Yellow">{words.value.live.stale(stale.why.value)}</Notice>}
      <Absent wasThere={shown !== null} again={() => (round.value += 1)} />
      {shown === null ? !isAbsent && <Loading /> : <Known shown={shown} tab={tab} />}
    </div>
  );
}

function isOf(shown: ReleaseView | null, { namespace, name }: ReleaseName): boolean {
  return shown?.row.namespace === namespace && shown.row.name === name;
}

/** That the Release is not there, or no more, or not to be seen. */
function Absent({ wasThere, again }: { wasThere: boolean; again: () => void }) {
  const say = words.value.release;
  if (refused.value !== null)
    return (
      <Empty title={say.refused}>
        <p>{refused.value}</p>
        <button type="button" class="button" onClick={again}>
          {words.value.error.again}
        </button>
      </Empty>
    );
  if (gone.value === null) return null;
  return (
    <Empty title={wasThere ? say.gone : say.notThere}>
      <p>{gone.value}</p>
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
          <TabLink key={other} row={row} tab={other} isHere={other === tab} />
        ))}
      </nav>
      <ReadableTab shown={shown} tab={tab} />
      <ActionDialogs view={shown} />
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

/** Why it is as it is: the first thing to be read. That a plan waits is said with the plan. */
function Why({ view: { row, rolledBack, plan } }: { view: ReleaseView }) {
  const say = words.value.release;
  const isWell = row.health === 'Green' && row.ready === 'True';
  const isSaid = plan !== undefined && row.reason === 'ApprovalAwaited';
  return (
    <>
      {((!isWell && !isSaid) || row.suspended) && (
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

/** What a page of a Release is read from, where not everybody who sees the Release may read that. */
const READ: Partial<Record<ReleaseTab, ReadPermission>> = {
  versions: 'readsHistory',
  values: 'readsSecrets',
  manifest: 'readsSecrets',
  logs: 'readsLogs',
};

function TabLink({ row, tab, isHere }: { row: ReleaseRow; tab: ReleaseTab; isHere: boolean }) {
  const { [tab]: what } = READ;
  const reason = what === undefined ? undefined : whyUnreadable(row, what);
  return (
    <a
      href={releasePath(row, tab)}
      aria-current={isHere ? 'page' : undefined}
      aria-disabled={reason === undefined ? undefined : true}
      title={reason}
    >
      {words.value.release.tabs[tab]}
    </a>
  );
}

function ReadableTab({ shown, tab }: { shown: ReleaseView; tab: ReleaseTab }) {
  const { [tab]: what } = READ;
  const page = <Tab shown={shown} tab={tab} />;
  if (what === undefined) return page;
  return (
    <WhereReadable of={shown.row} what={what}>
      {page}
    </WhereReadable>
  );
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
