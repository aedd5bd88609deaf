import type { ManifestPart, ReleaseView, TextAnswer } from '../../api/index.ts';
import { useLoaded } from '../live/loaded.ts';
import { apiPath } from '../live/paths.ts';
import { Copy } from '../parts/copy.tsx';
import { Failure, Loading } from '../parts/notices.tsx';
import { goTo, parameters } from '../shell/place.ts';
import { releasePath, withQuery } from '../shell/route.ts';
import { words } from '../words/words.ts';
import { chosenVersion } from './chosen-version.ts';
import { VersionSelect } from './version-select.tsx';

const PARTS: readonly ManifestPart[] = ['objects', 'hooks', 'crds'];

/** The objects of a version as they are applied, with secrets masked. */
export function ManifestPage({ view: { row } }: { view: ReleaseView }) {
  const version = chosenVersion(row, parameters.value);
  const part = PARTS.find((known) => known === parameters.value.get('part')) ?? 'objects';
  const { answer, error, again } = useLoaded<TextAnswer>(
    version === undefined ? null : `${apiPath(row)}/versions/${version}/manifest?part=${part}`,
  );
  const say = words.value.manifest;
  if (version === undefined) return <p class="muted">{words.value.values.noVersion}</p>;
  const show = (next: { version?: number; part?: string }): void =>
    goTo(
      withQuery(releasePath(row, 'manifest'), { version: String(next.version ?? version), part: next.part ?? part }),
    );
  return (
    <section class="card" aria-labelledby="manifest">
      <div class="card-head">
        <h2 id="manifest">{say.title}</h2>
        <label class="check">
          {say.part}
          <select value={part} onChange={({ currentTarget }) => show({ part: currentTarget.value })}>
            {PARTS.map((known) => (
              <option key={known} value={known}>
                {say.parts[known]}
              </option>
            ))}
          </select>
        </label>
        <VersionSelect row={row} chosen={version} choose={(next) => show({ version: next })} />
        {answer !== undefined && <Copy text={answer.text} />}
      </div>
      {error !== undefined && <Failure error={error} again={again} />}
      {answer === undefined && error === undefined && <Loading />}
      {answer !== undefined && (
        <pre class="card-body block-page" tabIndex={0}>
          {answer.text === '' ? say.empty : answer.text}
        </pre>
      )}
    </section>
  );
}
