import { useSignal } from '@preact/signals';
import type { ChartVersions, ChartView } from '../../api/index.ts';
import { useLoaded } from '../live/loaded.ts';
import { Copy } from '../parts/copy.tsx';
import { Failure, Loading } from '../parts/notices.tsx';
import { goTo } from '../shell/place.ts';
import { withQuery } from '../shell/route.ts';
import { words } from '../words/words.ts';
import { InstallDialog } from './install-dialog.tsx';

interface Props {
  readonly registry: string;
  readonly chart: string;
  readonly version: string | null;
}

/** A chart: its versions, and what is in one. */
export function ChartDetails({ registry, chart, version }: Props) {
  const { answer, error, again } = useLoaded<ChartVersions>(withQuery('/api/charts/versions', { registry, chart }));
  if (error !== undefined) return <Failure error={error} again={again} />;
  if (answer === undefined) return <Loading />;
  const chosen = version ?? answer.versions[0];
  if (chosen === undefined) return <p class="muted">{words.value.charts.noVersions}</p>;
  return <Version registry={registry} chart={chart} version={chosen} versions={answer.versions} />;
}

function Version({ registry, chart, version, versions }: Props & { version: string; versions: readonly string[] }) {
  const say = words.value.charts;
  const isInstalling = useSignal(false);
  const { answer, error, again } = useLoaded<ChartView>(withQuery('/api/charts/show', { registry, chart, version }));
  const show = (next: string): void => goTo(withQuery('/charts', { registry, chart, version: next }));
  return (
    <section class="card" aria-labelledby="chart">
      <div class="card-head">
        <h2 id="chart">{chart}</h2>
        <label class="check">
          {say.version}
          <select value={version} onChange={({ currentTarget }) => show(currentTarget.value)}>
            {versions.map((known) => (
              <option key={known}>{known}</option>
            ))}
          </select>
        </label>
        {answer !== undefined && (
          <button type="button" class="button button-main button-small" onClick={() => (isInstalling.value = true)}>
            {say.install}
          </button>
        )}
      </div>
      {error !== undefined && <Failure error={error} again={again} />}
      {answer === undefined ? error === undefined && <Loading /> : <Contents view={answer} />}
      {answer !== undefined && isInstalling.value && (
        <InstallDialog registry={registry} view={answer} close={() => (isInstalling.value = false)} />
      )}
    </section>
  );
}

function Contents({ view }: { view: ChartView }) {
  const say = words.value.charts;
  const schema = view.schema === undefined ? '' : JSON.stringify(view.schema, undefined, 2);
  return (
    <div class="card-body stack">
      {view.description !== undefined && <p>{view.description}</p>}
      <p class="muted small">
        {view.appVersion !== undefined && words.value.versions.app(view.appVersion)}{' '}
        {view.home !== undefined && <Home address={view.home} />}
      </p>
      <Text title={say.readme} text={view.readme} open />
      <Text title={say.values} text={view.values} />
      <Text title={say.schema} text={schema} />
    </div>
  );
}

/** The server looks too; what a link leads to is worth two looks. */
function Home({ address }: { address: string }) {
  if (!/^https?:\/\//i.test(address)) return null;
  return (
    <a href={address} target="_blank" rel="noreferrer noopener">
      {address}
    </a>
  );
}

function Text({ title, text, open = false }: { title: string; text: string; open?: boolean }) {
  if (text.trim() === '') return null;
  return (
    <details open={open}>
      <summary>{title}</summary>
      <Copy text={text} />
      <pre class="block block-tall notes" tabIndex={0}>
        {text}
      </pre>
    </details>
  );
}
