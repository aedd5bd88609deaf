import type { ReleaseRow, VersionRow } from '../../api/index.ts';
import { useLoaded } from '../live/loaded.ts';
import { apiPath } from '../live/paths.ts';
import { words } from '../words/words.ts';

interface Props {
  readonly row: ReleaseRow;
  readonly chosen: number | undefined;
  readonly choose: (version: number) => void;
}

/** Chooses a recorded version of a Release. */
export function VersionSelect(props: Props) {
  const { row } = props;
  const { answer = [] } = useLoaded<VersionRow[]>(`${apiPath(row)}/versions`, row.version);
  return <VersionChoice {...props} versions={answer} />;
}

/** Chooses one of these versions, or leaves the one that is chosen. */
export function VersionChoice({ row, versions, chosen, choose }: Props & { readonly versions: readonly VersionRow[] }) {
  const say = words.value;
  const numbers = new Set(versions.map(({ version }) => version));
  if (chosen === undefined) return null;
  return (
    <label class="check">
      {say.values.ofVersion}
      <select value={chosen} onChange={({ currentTarget }) => choose(Number(currentTarget.value))}>
        {[...numbers.add(chosen)]
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
