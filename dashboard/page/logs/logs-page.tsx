import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { ContainerView, ReleaseView } from '../../api/index.ts';
import { refusalIn } from '../live/ask.ts';
import { apiPath } from '../live/paths.ts';
import { Copy } from '../parts/copy.tsx';
import { CheckField } from '../parts/check-field.tsx';
import { FilterField } from '../parts/filter-field.tsx';
import { Failure, Notice } from '../parts/notices.tsx';
import { podsIn } from '../release/tree/tree-state.ts';
import { goTo, parameters } from '../shell/place.ts';
import { releasePath, withQuery } from '../shell/route.ts';
import { words } from '../words/words.ts';
import { KEPT_LINES, linesWith } from './log-lines.ts';
import type { LogLine } from './log-lines.ts';
import { SourceBar } from './source-bar.tsx';
import { nextAfter } from './next-reading.ts';
import { read } from './reading.ts';
import type { Reading } from './reading.ts';
import { sourceOf } from './source.ts';

/** What the containers of a Release write. */
export function LogsPage({ view: { row, tree } }: { view: ReleaseView }) {
  const pods = podsIn(tree);
  const asked = parameters.value;
  const source = sourceOf(pods, asked);
  const isPrevious = asked.has('previous');
  const say = words.value.logs;
  const fixed =
    source === null ? null : withQuery(releasePath(row, 'logs'), { pod: source.pod, container: source.container });
  const isFixed = asked.has('pod') && asked.has('container');
  // What is read stays so, whatever becomes of the pods: the choice is of the address.
  useEffect(() => {
    if (fixed !== null && !isFixed) goTo(fixed, 'replace');
  }, [fixed, isFixed]);
  if (source === null) return <p class="muted">{say.noPods}</p>;
  const { pod, container } = source;
  const query = isPrevious ? 'previous=1' : 'follow=1';
  const path = `${apiPath(row)}/logs/${encodeURIComponent(pod)}/${encodeURIComponent(container)}?${query}&tail=${KEPT_LINES}`;
  return (
    <section class="card" aria-labelledby="logs">
      <SourceBar row={row} pods={pods} source={source} isPrevious={isPrevious} />
      {source.found === undefined && (
        <Notice tone="Yellow">
          <span role="status">{say.gone(pod)}</span>
        </Notice>
      )}
      <Log key={path} path={path} isFollowed={!isPrevious} container={source.found?.container} />
    </section>
  );
}

interface LogProps {
  readonly path: string;
  readonly isFollowed: boolean;
  /** As it is at the moment. */
  readonly container: ContainerView | undefined;
}

function Log({ path, isFollowed, container }: LogProps) {
  const latest = useRef(container);
  latest.current = container;
  const reading = useSignal<Reading | null>(null);
  const round = useSignal(0);
  const wanted = round.value;
  useEffect(() => {
    const started = read(path, (error) =>
      nextAfter({ isFollowed, container: latest.current, refusal: refusalIn(error) }),
    );
    reading.value = started;
    return () => started.stop();
  }, [path, wanted]);
  const shown = reading.value;
  if (shown === null) return null;
  return <Lines reading={shown} again={() => (round.value += 1)} />;
}

function Lines({ reading, again }: { reading: Reading; again: () => void }) {
  const say = words.value.logs;
  const filter = useSignal('');
  const wrap = useSignal(true);
  const { lines } = reading.log.value;
  const { is, error } = reading.state.value;
  const shown = linesWith(lines, filter.value);
  return (
    <div class="card-body stack">
      <div class="switch">
        <FilterField label={say.filter} text={filter} />
        <CheckField label={say.wrap} isChecked={wrap} />
        <span class="muted small num">{say.lines(shown.length, lines.length)}</span>
        <Copy text={shown.map(({ text }) => text).join('\n')} />
      </div>
      {error !== undefined && <Failure error={error} again={again} />}
      {lines.length > 0 && <Scroll lines={shown} wrap={wrap.value} />}
      {lines.length === 0 && error === undefined && (
        <p class="muted" role="status">
          {is === 'waiting' ? say.waits : say.none}
        </p>
      )}
      {is === 'over' && error === undefined && (
        <p class="muted small">
          {say.ended}{' '}
          <button type="button" class="link" onClick={again}>
            {say.again}
          </button>
        </p>
      )}
      {lines.length === KEPT_LINES && <p class="muted small">{say.cut(KEPT_LINES)}</p>}
    </div>
  );
}

const NEAR_END = 24;

/** Stays at the end while one reads there, and nowhere else. */
function Scroll({ lines, wrap }: { lines: readonly LogLine[]; wrap: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (isAtEnd.current) box.current?.scrollTo(0, box.current.scrollHeight);
  }, [lines]);
  const look = (): void => {
    const { current } = box;
    if (current !== null) isAtEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight < NEAR_END;
  };
  return (
    <div
      ref={box}
      class={`log ${wrap ? 'log-wrap' : ''}`}
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label={words.value.logs.title}
      onScroll={look}
    >
      {lines.map(({ number, text }) => (
        <div key={number}>{text === '' ? ' ' : text}</div>
      ))}
    </div>
  );
}
