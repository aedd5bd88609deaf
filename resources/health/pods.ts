import { textAt } from '../json/json.ts';
import type { Health, KubeObject } from '../types.ts';
import { hasRestarted, unreadyContainer, unreadyStartedAt, worstContainer } from './containers.ts';
import { FAILED_CREATE, lastWarning } from './events.ts';
import { conditionSince, redIfItLasts } from './lasting.ts';
import type { HealthContext, Verdict } from './verdict.ts';
import { conditionOf, earlierOf, GREEN, red, reasonAndMessage, runOf, yellow } from './verdict.ts';

type PodContext = Pick<HealthContext, 'eventsAbout' | 'now' | 'redAfterMs' | 'lastLineOf'>;

/** Reasons of Events by which a kubelet says that it cannot prepare a pod, and tries again. */
const UNPREPARED = /^(FailedMount|FailedAttachVolume|FailedMapVolume|FailedCreatePodSandBox)\b/;

/** The health of a pod, with the container that is the cause. */
export function podHealth(pod: KubeObject, context: PodContext = {}): Verdict {
  switch (phaseOf(pod)) {
    case 'Succeeded':
      return GREEN;
    case 'Failed':
      return failedHealth(pod, context);
    default:
      return livingHealth(pod, context);
  }
}

function failedHealth(pod: KubeObject, context: PodContext): Verdict {
  const trouble = withLastLine(worstContainer(pod), context);
  return { ...red(trouble?.message ?? statusWords(pod) ?? 'failed'), ...runOf(trouble) };
}

function withLastLine(trouble: Verdict | undefined, { lastLineOf }: PodContext): Verdict | undefined {
  const line = trouble?.run && lastLineOf?.(trouble.run);
  return trouble === undefined || line === undefined
    ? trouble
    : { ...trouble, message: `${trouble.message}; its log ends: ${line}` };
}

function livingHealth(pod: KubeObject, context: PodContext): Verdict {
  const trouble = withLastLine(worstContainer(pod, context.now), context);
  // What is ready right after a crash is not known to be healthy.
  if (trouble?.health === 'Red' || trouble?.changesAt !== undefined) return trouble;
  if (phaseOf(pod) === 'Running' && conditionOf(pod, 'Ready')?.status === 'True') return GREEN;
  return unplacedHealth(pod, context) ?? unreadyHealth(pod, trouble, context);
}

/** For a pod without a node, the condition says all that the Event does. */
function unplacedHealth(pod: KubeObject, context: PodContext): Verdict | undefined {
  const placed = conditionOf(pod, 'PodScheduled');
  if (placed?.status !== 'False') return undefined;
  return redIfItLasts(reasonAndMessage(placed), conditionSince(pod, 'PodScheduled'), context);
}

function unreadyHealth(pod: KubeObject, trouble: Verdict | undefined, context: PodContext): Verdict {
  const warning = lastWarning(pod.metadata.uid, context.eventsAbout);
  const words = [trouble?.message ?? unreadyWords(pod), warning].filter(Boolean).join('; ');
  return { ...redIfItLasts(words, brokenSince(pod, warning), context), ...runOf(trouble) };
}

/** When that which may not pass by itself began: the place that a node could not prepare, or the loss of readiness while running. */
function brokenSince(pod: KubeObject, warning = ''): number | undefined {
  if (phaseOf(pod) !== 'Running') return UNPREPARED.test(warning) ? conditionSince(pod, 'PodScheduled') : undefined;
  const startedAt = unreadyStartedAt(pod);
  const unreadySince = conditionSince(pod, 'Ready');
  // Not ready since before it was started: it is still starting.
  const wasReady = startedAt !== undefined && unreadySince !== undefined && unreadySince > startedAt;
  return wasReady ? unreadySince : undefined;
}

function phaseOf(pod: KubeObject): string {
  return textAt(pod, 'status', 'phase') ?? 'Pending';
}

/** The least healthy pod among `pods`, unless all are Green; pods on their way out do not count. */
export function worstPodHealth(pods: readonly KubeObject[], context: PodContext): Verdict | undefined {
  const troubled = pods
    .filter((pod) => pod.metadata.deletionTimestamp === undefined)
    .map((pod) => ({ name: pod.metadata.name, ...podHealth(pod, context) }))
    .filter(({ health }) => health !== 'Green')
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const culprit = troubled.find(({ health }) => health === 'Red') ?? troubled[0];
  if (culprit === undefined) return undefined;
  const message = `pod ${culprit.name} ${culprit.message}`;
  return { ...(culprit.health === 'Red' ? red : yellow)(message), ...earlierOf(...troubled), ...runOf(culprit) };
}

/** The health of a workload that has all the pods that it should: one of them may be in a loop of crashes all the same. */
export function settledHealth(pods: readonly KubeObject[], context: PodContext, note?: string): Verdict {
  const looping = worstPodHealth(pods.filter(hasRestarted), context);
  if (looping !== undefined) return looping;
  return note === undefined ? GREEN : { ...GREEN, message: note };
}

/**
 * The health of a workload that is on its way: a cause found in a pod, or else in an Event, decides it. Failed pods are replaced by their
 * controller, so why they failed is the cause only where they are among `ended`.
 */
export function progressingHealth(
  progress: string,
  workload: KubeObject,
  pods: readonly KubeObject[],
  context: PodContext,
  ended: readonly KubeObject[] = [],
): Verdict {
  const living = pods.filter((pod) => phaseOf(pod) !== 'Failed');
  const warning = lastWarning(workload.metadata.uid, context.eventsAbout);
  const culprit: Verdict | undefined = worstPodHealth(living, context) ?? refusedPods(warning);
  if (culprit?.health === 'Red') return culprit;
  const cause = culprit?.message ?? worstPodHealth(ended, context)?.message ?? warning;
  const words = [progress, cause].filter((part) => part !== undefined).join('; ');
  return { ...yellow(words), ...earlierOf(culprit), ...runOf(culprit ?? worstPodHealth(ended, context)) };
}

function refusedPods(warning = ''): Health | undefined {
  return warning.startsWith(FAILED_CREATE) ? red(warning) : undefined;
}

function unreadyWords(pod: KubeObject): string {
  if (phaseOf(pod) !== 'Running') return `is ${phaseOf(pod)}`;
  return unreadyContainer(pod) ?? 'is not ready';
}

function statusWords(pod: KubeObject): string | undefined {
  const words = reasonAndMessage({
    reason: textAt(pod, 'status', 'reason') ?? '',
    message: textAt(pod, 'status', 'message') ?? '',
  });
  return words === '' ? undefined : words;
}
