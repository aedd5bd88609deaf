import { listAt, mapAt, numberAt, textAt } from '../json/json.ts';
import type { Health, KubeObject } from '../types.ts';
import { FAILED_CREATE, lastWarning } from './events.ts';
import type { EventsAbout, HealthContext } from './verdict.ts';
import { conditionOf, GREEN, red, reasonAndMessage, yellow } from './verdict.ts';

type Events = Pick<HealthContext, 'eventsAbout'>;

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

/** The health of a pod, with the container that is the cause. */
export function podHealth(pod: KubeObject, { eventsAbout }: Events = {}): Health {
  switch (phaseOf(pod)) {
    case 'Succeeded':
      return GREEN;
    case 'Failed':
      return red(worstContainer(pod)?.message ?? statusWords(pod) ?? 'failed');
    default:
      return livingHealth(pod, eventsAbout);
  }
}

function livingHealth(pod: KubeObject, eventsAbout: EventsAbout | undefined): Health {
  const trouble = worstContainer(pod);
  if (trouble?.health === 'Red') return trouble;
  if (phaseOf(pod) === 'Running' && conditionOf(pod, 'Ready')?.status === 'True') return GREEN;
  // For a pod without a node, the condition says all that the Event does.
  const unplaced = unscheduled(pod);
  if (unplaced) return unplaced;
  const warning = lastWarning(pod.metadata.uid, eventsAbout);
  const words = trouble?.message ?? unreadyWords(pod);
  return yellow(warning === undefined ? words : `${words}; ${warning}`);
}

function phaseOf(pod: KubeObject): string {
  return textAt(pod, 'status', 'phase') ?? 'Pending';
}

/** The least healthy pod among `pods`, unless all are Green; pods on their way out do not count. */
export function worstPodHealth(pods: readonly KubeObject[], context: Events): Health | undefined {
  const troubled = pods
    .filter((pod) => pod.metadata.deletionTimestamp === undefined)
    .map((pod) => ({ name: pod.metadata.name, ...podHealth(pod, context) }))
    .filter(({ health }) => health !== 'Green')
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const culprit = troubled.find(({ health }) => health === 'Red') ?? troubled[0];
  if (culprit === undefined) return undefined;
  const message = `pod ${culprit.name} ${culprit.message}`;
  return culprit.health === 'Red' ? red(message) : yellow(message);
}

/**
 * The health of a workload that is on its way: a cause found in a pod, or else in an Event, decides it. Failed pods are replaced by their
 * controller, so why they failed is the cause only where they are among `ended`.
 */
export function progressingHealth(
  progress: string,
  workload: KubeObject,
  pods: readonly KubeObject[],
  context: Events,
  ended: readonly KubeObject[] = [],
): Health {
  const living = pods.filter((pod) => phaseOf(pod) !== 'Failed');
  const warning = lastWarning(workload.metadata.uid, context.eventsAbout);
  const culprit = worstPodHealth(living, context) ?? refusedPods(warning);
  if (culprit?.health === 'Red') return culprit;
  const cause = culprit?.message ?? worstPodHealth(ended, context)?.message ?? warning;
  return yellow(cause === undefined ? progress : `${progress}; ${cause}`);
}

function refusedPods(warning = ''): Health | undefined {
  return warning.startsWith(FAILED_CREATE) ? red(warning) : undefined;
}

/** Init containers run first, so their trouble is the cause. */
function worstContainer(pod: KubeObject): Health | undefined {
  const statuses = [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')];
  const troubles = statuses.flatMap((status) => containerTrouble(status) ?? []);
  return troubles.find(({ health }) => health === 'Red') ?? troubles[0];
}

function containerTrouble(status: unknown): Health | undefined {
  const title = `container ${textAt(status, 'name')}`;
  const waiting = textAt(status, 'state', 'waiting', 'reason');
  if (waiting !== undefined) {
    const message = textAt(status, 'state', 'waiting', 'message') ?? '';
    const words = `${title}: ${reasonAndMessage({ reason: waiting, message })}${lastEnd(status)}`;
    return BROKEN.has(waiting) ? red(words) : yellow(words);
  }
  const end = endWords(mapAt(status, 'state', 'terminated'));
  if (end === undefined) return undefined;
  return end.startsWith('OOMKilled') ? red(`${title}: ${end}`) : yellow(`${title}: ${end}`);
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

function unscheduled(pod: KubeObject): Health | undefined {
  const scheduled = conditionOf(pod, 'PodScheduled');
  return scheduled?.status === 'False' ? yellow(reasonAndMessage(scheduled)) : undefined;
}

function unreadyWords(pod: KubeObject): string {
  if (phaseOf(pod) !== 'Running') return `is ${phaseOf(pod)}`;
  const unready = listAt(pod, 'status', 'containerStatuses').find((status) => mapAt(status)['ready'] === false);
  if (unready === undefined) return 'is not ready';
  const restarts = numberAt(unready, 'restartCount') ?? 0;
  return `container ${textAt(unready, 'name')} is not ready${restarts > 0 ? ` after ${restarts} restarts` : ''}${lastEnd(unready)}`;
}

function statusWords(pod: KubeObject): string | undefined {
  const words = reasonAndMessage({
    reason: textAt(pod, 'status', 'reason') ?? '',
    message: textAt(pod, 'status', 'message') ?? '',
  });
  return words === '' ? undefined : words;
}
