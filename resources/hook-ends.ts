import { eventSubjectsOf } from './health/health.ts';
import { jobEndOf, jobHealth } from './health/jobs.ts';
import { conditionSince, timeOf } from './health/lasting.ts';
import { podHealth } from './health/pods.ts';
import type { EndedRun, EventsAbout, EventSubject, Verdict } from './health/verdict.ts';
import { yellow } from './health/verdict.ts';
import { listAt, numberAt, textAt, valueAt } from './json/json.ts';
import { withoutUndefined } from './json/without-undefined.ts';
import { podsSelectedBy } from './pods-of.ts';
import type { KubeObject } from './types.ts';

/** What is known of the logs of containers that have ended. */
export interface HookLogs {
  lastLineOf: (run: EndedRun) => string | undefined;
  linesOf: (run: EndedRun) => readonly string[] | undefined;
  /** Whether a log is not known yet, and will be. */
  isAwaited: (run: EndedRun) => boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

/** What decides what is reported of the end of a hook. */
export interface HookEndInput {
  pods: readonly KubeObject[];
  eventsAbout?: EventsAbout | undefined;
  logs?: HookLogs | undefined;
}

/** What is reported of the end of a hook; `awaited` is the run whose log is to be read first. */
export interface HookEnd {
  message?: string;
  log?: string;
  awaited?: EndedRun;
}

/** As Helm 4 names it; a list of `hook-succeeded` and `hook-failed`. */
const LOG_POLICY = 'helm.sh/hook-output-log-policy';

/** How long after its end a hook waits for its log: what reads it may be busy, or may never answer. */
const MAX_WAIT_MS = 60_000;

/**
 * What to report of a hook that ended: why it failed, with the last line of the log of the container that did, and the last lines where its
 * output log policy asks for them. The log is read before the hook's object may be deleted.
 */
export function hookEndOf(
  hook: KubeObject,
  live: KubeObject,
  end: 'Succeeded' | 'Failed',
  input: HookEndInput,
): HookEnd {
  const cause: Partial<Verdict> = end === 'Failed' ? causeOf(live, input) : {};
  const isShown = policiesOf(hook).includes(`hook-${end.toLowerCase()}`);
  const run = cause.run ?? (isShown ? runIn(live, input.pods) : undefined);
  if (run && isAwaited(run, live, input)) return { awaited: run };
  const log = isShown && run ? logOf(run, input) : undefined;
  return { ...(cause.message !== undefined && { message: cause.message }), ...(log !== undefined && { log }) };
}

function isAwaited(run: EndedRun, live: KubeObject, { logs }: HookEndInput): boolean {
  return logs !== undefined && logs.isAwaited(run) && logs.now - endedAt(live) < MAX_WAIT_MS;
}

function logOf(run: EndedRun, { logs }: HookEndInput): string | undefined {
  return logs?.linesOf(run)?.join('\n') || undefined;
}

/** Why a hook has failed, or how far it is. */
export function causeOf(live: KubeObject, { pods, logs, eventsAbout }: HookEndInput): Verdict {
  const context = withoutUndefined({ pods, lastLineOf: logs?.lastLineOf, eventsAbout });
  const health = live.kind === 'Pod' ? podHealth(live, context) : jobHealth(live, context);
  if (health.message !== undefined) return health;
  return yellow(valueAt(live, 'spec', 'suspend') === true ? 'is suspended' : 'is running');
}

/** The objects whose Events may say why a hook does not go on: none while a pod of it runs. */
export function hookEventSubjectsOf(live: KubeObject, pods: readonly KubeObject[]): EventSubject[] {
  const own = live.kind === 'Pod' ? [live] : podsSelectedBy(live, pods);
  return own.some((pod) => textAt(pod, 'status', 'phase') === 'Running') ? [] : eventSubjectsOf(live, pods);
}

function policiesOf({ metadata: { annotations = {} } }: KubeObject): string[] {
  return (annotations[LOG_POLICY] ?? '').split(',', MAX_POLICIES).map((policy) => policy.trim().toLowerCase());
}

const MAX_POLICIES = 8;

/** The last run of the first container of the pod that ended last. */
function runIn(live: KubeObject, pods: readonly KubeObject[]): EndedRun | undefined {
  const own = live.kind === 'Pod' ? [live] : podsSelectedBy(live, pods);
  const pod = own.filter((each) => jobEndOf(each) !== undefined).at(-1);
  const [status] = pod ? listAt(pod, 'status', 'containerStatuses') : [];
  const container = textAt(status, 'name');
  if (!pod || container === undefined) return undefined;
  const { name, uid = '' } = pod.metadata;
  return { pod: name, uid, container, restarts: numberAt(status, 'restartCount') ?? 0, isPrevious: false };
}

/** Milliseconds since the epoch; long ago if the object does not say. */
function endedAt(live: KubeObject): number {
  const ofContainers = listAt(live, 'status', 'containerStatuses').map((status) =>
    timeOf(textAt(status, 'state', 'terminated', 'finishedAt')),
  );
  const all = [...['Failed', 'Complete'].map((type) => conditionSince(live, type)), ...ofContainers];
  return Math.max(...all.map((at) => at ?? 0));
}

/** How many hooks, besides the last one, keep their logs. */
const MAX_LOGS = 4;

/** The results without the logs of all but the last few: a status has room for no more. */
export function withoutOldLogs<T extends { log?: string }>(results: readonly T[]): T[] {
  const old = new Set(results.filter(({ log }) => log !== undefined).slice(0, -MAX_LOGS));
  return results.map((result) => {
    if (!old.has(result)) return result;
    const left = { ...result };
    delete left.log;
    return left;
  });
}
