import type { ReleaseRow, VersionRow } from '../../api/index.ts';
import { useLoaded } from '../live/loaded.ts';
import { apiPath } from '../live/paths.ts';
import { words } from '../words/words.ts';

/** Chooses a recorded version of a Release. */
export function VersionSelect({
  row,
  chosen,
  choose,
}: {
  row: ReleaseRow;
  chosen: number;
  choose: (version: number) => void;
}) {
  const { answer = [] } = useLoaded<VersionRow[]>(`${apiPath(row)}/versions`, row.version);
  const say = words.value;
  const numbers = new Set([chosen, ...answer.map(({ version }) => version)]);
  return (
    <label class="check">
      {say.values.ofVersion}
      <select value={chosen} onChange={({ currentTarget }) => choose(Number(currentTarget.value))}>
        {[...numbers]
          .toSorted((left, right) => right - left)
          .map((number) => (
            <option key={number} value={number}>
              {number} {number === row.version ? `(${say.versions.inForce})` : ''}
            </option>
          ))}
      </select>
    </label>
  );
}
