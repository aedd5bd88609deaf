import type { ReleaseRow, TextAnswer } from '../../api/index.ts';
import { permissionsFor } from '../rights/permissions.ts';
import { useLoaded } from '../live/loaded.ts';
import { apiPath } from '../live/paths.ts';
import { words } from '../words/words.ts';

/** What the chart has to say of the version in force, as plain text; nothing for whoever may not read what is recorded of it. */
export function Notes({ row }: { row: ReleaseRow }) {
  const permissions = permissionsFor(row);
  const mayRead = permissions !== null && (permissions.readsSecrets || !permissions.complete);
  const { answer } = useLoaded<TextAnswer>(
    mayRead && row.version !== undefined ? `${apiPath(row)}/versions/${row.version}/notes` : null,
  );
  if (answer === undefined || answer.text.trim() === '') return null;
  return (
    <section class="card" aria-labelledby="notes">
      <div class="card-head">
        <h2 id="notes">{words.value.release.notes}</h2>
      </div>
      <pre class="card-body notes" tabIndex={0}>
        {answer.text}
      </pre>
    </section>
  );
}
