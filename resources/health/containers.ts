import { listAt, mapAt, numberAt, textAt } from '../json/json.ts';
import type { KubeObject } from '../types.ts';
import { timeOf } from './lasting.ts';
import type { Verdict } from './verdict.ts';
import { reasonAndMessage, red, yellow } from './verdict.ts';

/** Reasons for waiting that do not pass unless somebody acts. */
const BROKEN = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'ImageInspectError',
  'InvalidImageName',
  'RegistryUnavailable',
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'StartError',
]);

/** The container that is the cause of its pod's trouble, if one is. Init containers run first, so their trouble comes first. */
export function worstContainer(pod: KubeObject, now?: number): Verdict | undefined {
  const troubles = statusesOf(pod).flatMap((status) => {
    const trouble = containerTrouble(status, now);
    return trouble === undefined ? [] : [{ ...trouble, ...endedRun(pod, status) }];
  });
  return troubles.find(({ health }) => health === 'Red') ?? troubles[0];
}

/** The run of a container that ended badly: the present one, or else the one before. */
function endedRun({ metadata: { name, uid = '' } }: KubeObject, status: unknown): Pick<Verdict, 'run'> {
  const isPrevious = endWords(mapAt(status, 'state', 'terminated')) === undefined;
  if (isPrevious && endWords(mapAt(status, 'lastState', 'terminated')) === undefined) return {};
  const container = textAt(status, 'name') ?? '';
  return { run: { pod: name, uid, container, restarts: restartsOf(status), isPrevious } };
}

/** How a container that runs and is not ready is reported. */
export function unreadyContainer(pod: KubeObject): string | undefined {
  const unready = listAt(pod, 'status', 'containerStatuses').find((status) => mapAt(status)['ready'] === false);
  if (unready === undefined) return undefined;
  const restarts = numberAt(unready, 'restartCount') ?? 0;
  return `container ${textAt(unready, 'name')} is not ready${restarts > 0 ? ` after ${restarts} restarts` : ''}${lastEnd(unready)}`;
}

/** The latest start of a container that runs and is not ready (milliseconds since the epoch). */
export function unreadyStartedAt(pod: KubeObject): number | undefined {
  const unready = listAt(pod, 'status', 'containerStatuses').filter((status) => mapAt(status)['ready'] === false);
  const starts = unready.flatMap((status) => timeOf(textAt(status, 'state', 'running', 'startedAt')) ?? []);
  return starts.length === 0 ? undefined : Math.max(...starts);
}

const LOOPS = new WeakMap<KubeObject, boolean>();

/** Whether a container of the pod has been restarted, so that it may be in a loop of crashes. */
export function hasRestarted(pod: KubeObject): boolean {
  const known = LOOPS.get(pod) ?? statusesOf(pod).some((status) => restartsOf(status) > 0);
  LOOPS.set(pod, known);
  return known;
}

function statusesOf(pod: KubeObject): unknown[] {
  return [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')];
}

function restartsOf(status: unknown): number {
  return numberAt(status, 'restartCount') ?? 0;
}

const RESTARTING = / restarting failed container=\S+ pod=\S+/;

function containerTrouble(status: unknown, now: number | undefined): Verdict | undefined {
  const title = `container ${textAt(status, 'name')}`;
  const waiting = textAt(status, 'state', 'waiting', 'reason');
  if (waiting !== undefined) {
    // Which container of which pod that is has been said already.
    const message = (textAt(status, 'state', 'waiting', 'message') ?? '').replace(RESTARTING, '');
    const words = `${title}: ${reasonAndMessage({ reason: waiting, message })}${lastEnd(status)}`;
    return BROKEN.has(waiting) ? red(words) : yellow(words);
  }
  const end = endWords(mapAt(status, 'state', 'terminated'));
  if (end === undefined) return loopTrouble(status, title, now);
  const isBroken = end.startsWith('OOMKilled') || restartsOf(status) >= LOOP_RESTARTS;
  return isBroken ? red(`${title}: ${end}`) : yellow(`${title}: ${end}`);
}

/** With its second restart, a kubelet begins to wait longer each time. */
const LOOP_RESTARTS = 2;
/** How long a container has to run at least until its crashes are over. */
const MIN_RUN_MS = 10_000;
/** What ran for as long as this was healthy; a kubelet forgets crashes then, too. */
const WELL_MS = 600_000;

/**
 * What runs again after a crash is not healthy until it has run for twice as long as the last time; after several, it is as broken as
 * before.
 */
function loopTrouble(status: unknown, title: string, now: number | undefined): Verdict | undefined {
  const startedAt = timeOf(textAt(status, 'state', 'running', 'startedAt'));
  const lastRunMs = lastRunOf(status);
  if (now === undefined || startedAt === undefined || lastRunMs === undefined) return undefined;
  const changesAt = startedAt + Math.min(WELL_MS, Math.max(MIN_RUN_MS, 2 * lastRunMs));
  if (lastRunMs >= WELL_MS || now >= changesAt) return undefined;
  const restarts = restartsOf(status);
  const last = lastEnd(status) || ' (last: Completed, exit code 0)';
  const words = `${title}: runs again after ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}${last}`;
  return { ...(restarts < LOOP_RESTARTS ? yellow : red)(words), changesAt };
}

function lastRunOf(status: unknown): number | undefined {
  const [from, to] = ['startedAt', 'finishedAt'].map((field) =>
    timeOf(textAt(status, 'lastState', 'terminated', field)),
  );
  return from === undefined || to === undefined ? undefined : Math.max(0, to - from);
}

function lastEnd(status: unknown): string {
  const end = endWords(mapAt(status, 'lastState', 'terminated'));
  return end === undefined ? '' : ` (last: ${end})`;
}

/** How a container ended, unless it ended well. */
function endWords(terminated: Record<string, unknown>): string | undefined {
  const code = numberAt(terminated, 'exitCode');
  if (code === undefined || code === 0) return undefined;
  const reason = textAt(terminated, 'reason') ?? 'Error';
  const message = textAt(terminated, 'message') ?? '';
  return reasonAndMessage({ reason: `${reason}, exit code ${code}`, message });
}
