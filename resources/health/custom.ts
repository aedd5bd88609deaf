import { mapAt, textAt } from '../json/json.ts';
import { refOf } from '../reference.ts';
import type { KubeObject } from '../types.ts';
import type { ConditionText, HealthContext, Verdict } from './verdict.ts';
import { conditionOf, GREEN, red, CHANGE_NOT_OBSERVED, reasonAndMessage, yellow } from './verdict.ts';

/** Conditions that are bad news where they are True. */
const BROKEN = ['Stalled', 'Failed', 'Failure', 'Error', 'Errored'];
/** Conditions of what its controller is not done with, and the status by which each says so. */
const BUSY: readonly (readonly [type: string, status: string])[] = [
  ['Reconciling', 'True'],
  ['NotReady', 'True'],
  ['Reconciled', 'False'],
  ['Synced', 'False'],
];
/** Conditions that sum an object up; the first that it has counts. */
const SUMMARIES = ['Ready', 'Healthy', 'Succeeded', 'Available'];
const FAILED_WORDS = new Set(['failed', 'failure', 'error', 'errored', 'degraded', 'invalid', 'rejected', 'unhealthy']);
/** A phase is a word or some; what comes after so many characters is not looked at. */
const MAX_PHASE = 200;
const WORKING_PHASE =
  /^(pending|waiting|creating|provisioning|initiali[sz]ing|installing|starting|updating|upgrading|progressing|reconciling|deleting|terminating|stopping|not ?ready|in ?progress|unknown)$/i;

/** The API server's own groups that have a dot in their names; the controllers of their kinds always run. */
const BUILT_IN = new Set(
  'admissionregistration apiextensions apiregistration authentication authorization certificates coordination discovery events flowcontrol.apiserver internal.apiserver networking node rbac.authorization resource scheduling storage storagemigration'
    .split(' ')
    .map((name) => `${name}.k8s.io`),
);
/** Groups and kinds that are served with a status which their controllers leave empty where there is nothing to report. */
const OFTEN_SILENT = new Set([
  'monitoring.coreos.com',
  'metallb.io',
  'networking.istio.io',
  'security.istio.io',
  'telemetry.istio.io',
  'extensions.istio.io',
  'keda.sh/TriggerAuthentication',
  'keda.sh/ClusterTriggerAuthentication',
  'autoscaling.k8s.io/VerticalPodAutoscaler',
]);

/**
 * Any kind without a rule of its own, by the conditions that kstatus reads and the conventions that most controllers follow. An object
 * that lacks the status that its kind is served with has not been observed by its controller. One of a kind without a status is Green as
 * soon as it exists.
 */
export function customHealth(object: KubeObject, { hasStatus = false }: HealthContext): Verdict {
  const isSilent = Object.keys(mapAt(object, 'status')).length === 0;
  if (!isSilent) return troubleOf(object) ?? summaryHealth(object) ?? phaseHealth(object) ?? GREEN;
  const isUnseen = hasStatus && shouldSpeak(object);
  return isUnseen ? yellow('has no status yet: no controller has observed it') : GREEN;
}

function shouldSpeak(object: KubeObject): boolean {
  const { group, kind } = refOf(object);
  const isCustom = group.includes('.') && !BUILT_IN.has(group);
  return isCustom && !OFTEN_SILENT.has(group) && !OFTEN_SILENT.has(`${group}/${kind}`);
}

function troubleOf(object: KubeObject): Verdict | undefined {
  for (const type of BROKEN) {
    const broken = conditionOf(object, type);
    if (broken?.status === 'True') return red(reasonAndMessage(broken, type));
  }
  const degraded = conditionOf(object, 'Degraded');
  // What is degraded and still ready serves, though not as well as it should.
  if (degraded?.status === 'True')
    return (isSummedUpAsWell(object) ? yellow : red)(reasonAndMessage(degraded, 'Degraded'));
  const busy = BUSY.find(([type, status]) => conditionOf(object, type)?.status === status);
  const condition = busy && conditionOf(object, busy[0]);
  return condition && yellow(reasonAndMessage(condition, `is ${busy[1] === 'True' ? '' : 'not '}${busy[0]}`));
}

function isSummedUpAsWell(object: KubeObject): boolean {
  return SUMMARIES.some((type) => conditionOf(object, type)?.status === 'True');
}

function summaryHealth(object: KubeObject): Verdict | undefined {
  const type = SUMMARIES.find((each) => conditionOf(object, each) !== undefined);
  const summary = type && conditionOf(object, type);
  if (!summary) return undefined;
  if (summary.status !== 'True') return unmet(object, type, summary);
  if ((summary.observedGeneration ?? Infinity) < (object.metadata.generation ?? 0)) return yellow(CHANGE_NOT_OBSERVED);
  // What is available may still be changing.
  return type === 'Available' ? phaseHealth(object) : GREEN;
}

function unmet(object: KubeObject, type: string, summary: ConditionText): Verdict {
  const isOver = type === 'Succeeded' && summary.status === 'False';
  const isBroken = isOver || phaseHealth(object)?.health === 'Red';
  return (isBroken ? red : yellow)(reasonAndMessage(summary, `is not ${type}`));
}

/** By `status.phase` or `status.state`, where it is one of the usual words. */
function phaseHealth(object: KubeObject): Verdict | undefined {
  const phase = (textAt(object, 'status', 'phase') ?? textAt(object, 'status', 'state') ?? '').slice(0, MAX_PHASE);
  const words = reasonAndMessage({ reason: phase, message: textAt(object, 'status', 'message') ?? '' });
  const isFailed = phase.split(/(?<=[a-z])(?=[A-Z])|[^a-zA-Z]+/).some((word) => FAILED_WORDS.has(word.toLowerCase()));
  if (isFailed) return red(words);
  return WORKING_PHASE.test(phase) ? yellow(words) : undefined;
}
