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
export function SourceBar({ row, pods, source: { pod, container }, isPrevious }: Props) {
  const say = words.value.logs;
  const show = (next: { pod?: string; container?: string; previous?: boolean }): void => {
    const wanted = {
      pod: pod.name,
      previous: isPrevious,
      ...(next.pod === undefined && { container: container.name }),
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
        <select value={pod.name} onChange={({ currentTarget }) => show({ pod: currentTarget.value, previous: false })}>
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
          value={container.name}
          onChange={({ currentTarget }) => show({ container: currentTarget.value, previous: false })}
        >
          {(pod.containers ?? []).map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={isPrevious}
          disabled={container.lastEnded === undefined && !isPrevious}
          onChange={({ currentTarget }) => show({ previous: currentTarget.checked })}
        />
        {say.previous}
      </label>
    </div>
  );
}
