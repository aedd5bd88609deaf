import type { ReleaseRow, TreeNode } from '../../api/index.ts';
import { goTo } from '../shell/place.ts';
import { releasePath, withQuery } from '../shell/route.ts';
import { words } from '../words/words.ts';
import type { Source } from './source.ts';

interface Props {
  readonly row: ReleaseRow;
  readonly pods: readonly TreeNode[];
  readonly source: Source;
  readonly isPrevious: boolean;
}

/** Chooses the pod, the container and which of its runs. */
export function SourceBar({ row, pods, source: { pod, container, found }, isPrevious }: Props) {
  const say = words.value.logs;
  const show = (next: { pod?: string; container?: string; previous?: boolean }): void => {
    const wanted = {
      pod,
      previous: isPrevious,
      ...(next.pod === undefined && { container }),
      ...next,
    };
    const query = { ...wanted, previous: wanted.previous ? '1' : undefined };
    goTo(withQuery(releasePath(row, 'logs'), query), 'replace');
  };
  return (
    <div class="card-head">
      <h2 id="logs">{say.title}</h2>
      <label class="check">
        {say.pod}
        <select value={pod} onChange={({ currentTarget }) => show({ pod: currentTarget.value, previous: false })}>
          {found === undefined && <option>{pod}</option>}
          {pods.map(({ id, name, health }) => (
            <option key={id} value={name}>
              {name} ({words.value.health[health]})
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        {say.container}
        <select
          value={container}
          onChange={({ currentTarget }) => show({ container: currentTarget.value, previous: false })}
        >
          {found === undefined && <option>{container}</option>}
          {(found?.pod.containers ?? []).map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={isPrevious}
          disabled={found?.container.lastEnded === undefined && !isPrevious}
          onChange={({ currentTarget }) => show({ previous: currentTarget.checked })}
        />
        {say.previous}
      </label>
    </div>
  );
}
