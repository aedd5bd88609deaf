import { reconcileTokenOf, WAITS_FOR_PUSH } from '../../crds/index.ts';
import type { Condition, ConditionType, Release } from '../../crds/index.ts';
import { printable, printableLines } from '../terminal.ts';

/** How far a Release is; the message of `stalled` says why it cannot proceed by itself, that of `red` what is broken. */
export interface WaitState {
  readonly state: 'ready' | 'underWay' | 'red' | 'stalled';
  readonly message: string;
}

/** What is waited for: the generation last written and, where one is named, the version of the chart. */
export interface Goal {
  readonly generation: number;
  readonly chartVersion?: string | undefined;
}

/** What the status says of the goal, or of a later generation; while somebody asks to reconcile, that is under way. */
export function waitStateOf(release: Release, { generation, chartVersion }: Goal): WaitState {
  const { status } = release;
  if (!isAnswered(release)) return WAITING;
  const condition = (type: ConditionType): Condition | undefined =>
    status?.conditions?.find((each) => each.type === type && each.observedGeneration >= generation);
  const stalled = condition('Stalled');
  if (stalled?.status === 'True') {
    // The awaited version may have been pushed after the controller looked for it.
    const state = chartVersion !== undefined && WAITS_FOR_PUSH.has(stalled.reason) ? 'underWay' : 'stalled';
    return { state, message: printableLines(`${stalled.reason}: ${stalled.message}`) };
  }
  return readiness(condition('Ready'), status?.chart?.version, chartVersion);
}

const WAITING: WaitState = { state: 'underWay', message: 'waiting for the controller' };

/** A suspended Release answers once it goes on. */
function isAnswered({ metadata, spec, status }: Release): boolean {
  const token = reconcileTokenOf(metadata);
  return token === undefined || spec.suspend || token === status?.lastHandledReconcile;
}

function readiness(ready: Condition | undefined, inForce: string | undefined, wanted: string | undefined): WaitState {
  if (ready === undefined) return WAITING;
  const isInForce = wanted === undefined || inForce === wanted;
  if (ready.status !== 'True') {
    // What the version in force breaks may be what the awaited one mends.
    const state = ready.reason === 'Unhealthy' && isInForce ? 'red' : 'underWay';
    return { state, message: printable(ready.message) };
  }
  if (isInForce) return { state: 'ready', message: '' };
  return { state: 'underWay', message: printable(`ready with ${inForce ?? 'no version'}, waiting for ${wanted}`) };
}

/** By then the registry's notification has upgraded the Releases that follow it, and whoever pushed is waiting. */
const JUST_PUSHED_MS = 60_000;

/** The fault by which a Release has been stalled since before the push of just now; undefined if it has not. */
export function stalledBeforePush(release: Release, nowMs: number): string | undefined {
  const stalled = stalledIn(release);
  const isOld = stalled !== undefined && Date.parse(stalled.lastTransitionTime) < nowMs - JUST_PUSHED_MS;
  return isOld ? stallIdentity(stalled) : undefined;
}

/** The condition that says that a Release is stalled, if it is. */
export function stalledIn({ status }: Release): Condition | undefined {
  return status?.conditions?.find(({ type, status: value }) => type === 'Stalled' && value === 'True');
}

/** What tells one stall from another. */
export function stallIdentity(stalled: Condition | undefined): string | undefined {
  return stalled && `${stalled.lastTransitionTime} ${stalled.reason} ${stalled.message}`;
}
