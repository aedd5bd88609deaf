import type { ContainerView } from '../../api/index.ts';

/** What follows when no more comes of a log: it is read again, as its container writes on, or has not started; or it is over. */
export type Next = 'again' | 'wait' | 'over';

/** How a reading ended, and what is known of whose log it was. */
export interface Ending {
  readonly isFollowed: boolean;
  readonly container: ContainerView | undefined;
  /** The HTTP status where it was refused; undefined where it ended by itself or with its connection. */
  readonly refusal: number | undefined;
}

/** A stream ends with its connection, and after some minutes in any case; before a container has started, there is nothing to read. */
export function nextAfter({ isFollowed, container, refusal }: Ending): Next {
  if (!isFollowed || container === undefined) return 'over';
  if (refusal !== undefined && NOT_THERE.has(refusal)) return hasStarted(container) ? 'over' : 'wait';
  return container.state === 'Running' && refusal === undefined ? 'again' : 'over';
}

/** The API server says so of a log that is not there. */
const NOT_THERE: ReadonlySet<number> = new Set([400, 404]);

const STARTED: ReadonlySet<string> = new Set(['Running', 'Completed', 'Error', 'OOMKilled']);

function hasStarted({ state, lastEnded }: ContainerView): boolean {
  return STARTED.has(state) || lastEnded !== undefined;
}
