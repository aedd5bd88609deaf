import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { ChartsPage } from '../charts/charts-page.tsx';
import { askViewer, hasFeature, viewer } from '../live/ask.ts';
import { Empty, Failure, Loading } from '../parts/notices.tsx';
import { ReleasePage } from '../release/release-page.tsx';
import { ReleasesPage } from '../releases/releases-page.tsx';
import { SignInPage } from '../sign-in/sign-in-page.tsx';
import { TenantsPage } from '../tenants/tenants-page.tsx';
import { words } from '../words/words.ts';
import { route } from './place.ts';
import { PageTitle, Shell } from './shell.tsx';

/** The whole page: the sign-in, or one of the pages. */
export function App() {
  const error = useSignal<unknown>(null);
  const begin = (): void => {
    error.value = null;
    askViewer().catch((cause: unknown) => (error.value = cause));
  };
  // Who looks is asked while the page asks for what it shows.
  useLayoutEffect(begin, []);
  if (error.value !== null) return <Failure error={error.value} again={begin} />;
  if (viewer.value === 'signed-out') return <SignInPage />;
  return (
    <Shell who={viewer.value}>
      <Page />
    </Shell>
  );
}

function Page() {
  const at = route.value;
  switch (at.page) {
    case 'releases':
      return <ReleasesPage />;
    case 'release':
      return <ReleasePage namespace={at.namespace} name={at.name} tab={at.tab} />;
    case 'charts':
      if (viewer.value === null) return <Loading />;
      return hasFeature('charts') ? <ChartsPage /> : <NotFound />;
    case 'tenants':
      return <TenantsPage />;
    case 'unknown':
      return <NotFound />;
  }
}

function NotFound() {
  const { notFound } = words.value;
  return (
    <div class="page">
      <PageTitle text={notFound.title} />
      <Empty title="">
        <a href="/">{notFound.next}</a>
      </Empty>
    </div>
  );
}
