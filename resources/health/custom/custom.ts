import { listAt, mapAt, numberAt, textAt, valueAt } from '../../json/json.ts';
import { refOf } from '../../reference.ts';
import type { KubeObject } from '../../types.ts';
import type { Failure } from './conditions.ts';
import { conditionsOf, failureOf } from './conditions.ts';
import { redIfItLasts } from '../lasting.ts';
import type { ConditionText, HealthContext, Verdict } from '../verdict.ts';
import { conditionOf, green, GREEN, red, CHANGE_NOT_OBSERVED, reasonAndMessage, yellow } from '../verdict.ts';
import { isBadWord, wordsOf } from './words.ts';

/** Conditions that are bad news where they are True, at once. */
const BROKEN = ['Stalled', 'Failed', 'Failure', 'Error', 'Errored'];
/** Conditions of what its controller is not done with, and the statuses by which each says so. */
const BUSY: ReadonlyMap<string, RegExp> = new Map([
  ['Reconciling', /^True$/],
  ['NotReady', /^True$/],
  ['Reconciled', /^False$/],
  ['Synced', /^False$/],
  ['AllReplicasReady', /^False$/],
  ['ClusterAvailable', /^False$/],
  ['ReconcileSuccess', /^False$/],
  ['Accepted', /^Unknown$/],
  ['Programmed', /^(False|Unknown)$/],
]);
/** Conditions that sum an object up; the first that it has counts. */
const SUMMARIES = ['Ready', 'Healthy', 'Succeeded', 'Available'];
/**
 * Conditions that say that what failed is past: what is available may serve what it was before, and Red Hat's operators keep their last
 * `ReconcileError` when they have succeeded.
 */
const WELL = ['Ready', 'Healthy', 'Succeeded', 'ReconcileSuccess'];
/** Where a phase is given in a word. */
const PHASES: readonly (readonly string[])[] = [
  ['phase'],
  ['state'],
  ['status'],
  ['health'],
  ['updateStatus'],
  ['stageStatus'],
  ['PostgresClusterStatus'],
  ['applicationState', 'state'],
];
/** Where readiness is given as true or false. */
const FLAGS = ['ready', 'healthy', 'readyToUse'];
/** A phase is one word or a few; what comes after this many characters is not looked at. */
const MAX_PHASE = 200;
/** Lines of a message that is a list. */
const MAX_LINES = 5;
const WORKING_PHASE =
  /^(pending|waiting|creating|provisioning|initiali[sz]ing|installing|starting|restarting|updating|upgrading|expanding|deploying|building|applying ?changes|migrating ?data|promoting|finali[sz]ing|scaling ?(up|down)|progressing|reconciling|deleting|terminating|stopping|not ?ready|in ?progress|unknown|yellow)$/i;

/** What a phase says if all is well, in the words of the operators that have no condition for it. */
const WELL_PHASE =
  /^(ready|running|healthy|active|available|bound|succe(ss|eded)|completed?|ok|enabled|deployed|synced|created|connected|established|online|operational|installed|stable|accepted|reconciled|provisioned|initialized|attached|up ?to ?date|at ?latest ?known|green|normal)$/i;

/** The API server's own groups that have a dot in their names; the controllers of their kinds always run. */
const BUILT_IN = new Set(
  'admissionregistration apiextensions apiregistration authentication authorization certificates coordination discovery events flowcontrol.apiserver internal.apiserver networking node rbac.authorization resource scheduling storage storagemigration'
    .split(' ')
    .map((name) => `${name}.k8s.io`),
);
/** Groups and kinds that are served with a status which their controllers leave empty where there is nothing to report. */
const OFTEN_SILENT = new Set([
  'monitoring.coreos.com',
  'source.toolkit.fluxcd.io/HelmRepository',
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
 * Any kind without a rule of its own, by the conditions that kstatus reads and the conventions that most controllers follow. What fails by
 * the words of a condition is Red once it has lasted, and only reported if the object is ready all the same. An object that lacks the
 * status that its kind is served with has not been observed by its controller. One of a kind without a status is Green as soon as it
 * exists.
 */
export function customHealth(object: KubeObject, context: HealthContext): Verdict {
  if (Object.keys(mapAt(object, 'status')).length === 0) return silentHealth(object, context);
  const verdict = troubleOf(object) ?? summaryHealth(object) ?? phaseHealth(object);
  const failure = failureOf(object);
  const known = verdict ?? shortfallOf(object);
  return failure ? failingHealth(object, failure, known, context) : (known ?? GREEN);
}

/** What is ready, by its own words, is not Red for what it failed at. */
function failingHealth(
  object: KubeObject,
  { words, since }: Failure,
  verdict: Verdict | undefined,
  context: HealthContext,
): Verdict {
  if (verdict?.health === 'Red') return verdict;
  const isWell = verdict?.health === 'Green' || isSummedUp(object, WELL) || (!verdict && isWellByPhase(object));
  if (!isWell) return redIfItLasts(words, since, context);
  return verdict?.health === 'Yellow' ? verdict : green(words);
}

function isWellByPhase(object: KubeObject): boolean {
  const isWell = (path: readonly string[]): boolean => WELL_PHASE.test(textAt(object, 'status', ...path) ?? '');
  return PHASES.some(isWell) || FLAGS.some((field) => valueAt(object, 'status', field) === true);
}

function silentHealth(object: KubeObject, { hasStatus = false }: HealthContext): Verdict {
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
    return (isSummedUp(object, SUMMARIES) ? yellow : red)(reasonAndMessage(degraded, 'Degraded'));
  const busy = conditionsOf(object).find(isBusy);
  return busy && yellow(reasonAndMessage(busy, `is ${busy.status === 'True' ? '' : 'not '}${busy.type}`));
}

function isBusy({ type, status, reason }: ConditionText & { type: string }): boolean {
  // The Secret of a certificate comes once that is issued.
  return BUSY.get(type)?.test(status) === true || (status === 'False' && reason === 'InvalidCertificateRef');
}

function isSummedUp(object: KubeObject, types: readonly string[]): boolean {
  return types.some((type) => conditionOf(object, type)?.status === 'True');
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
  const phase = phaseHealth(object);
  if (phase?.health === 'Red' && phasesMessage(object) !== '') return phase;
  const isOver = type === 'Succeeded' && summary.status === 'False';
  const isBroken = isOver || phase?.health === 'Red';
  return (isBroken ? red : yellow)(reasonAndMessage(summary, `is not ${type}`));
}

/** By `status.phase`, `status.state` or the like, where it is one of the usual words. */
function phaseHealth(object: KubeObject): Verdict | undefined {
  const main = textAt(object, 'status', 'phase');
  for (const path of PHASES) {
    const phase = (textAt(object, 'status', ...path) ?? '').slice(0, MAX_PHASE);
    const words = reasonAndMessage({ reason: phase, message: phasesMessage(object) });
    // Elastic's operator says so of what it starts, too, where it keeps no phase.
    if (phase.toLowerCase() === 'red') return (main === undefined ? yellow : red)(words);
    if (wordsOf(phase).some(isBadWord)) return red(words);
    // And yellow of what is ready for good: a cluster of one node has no place for replicas.
    if (WORKING_PHASE.test(phase)) return (phase === 'yellow' && WELL_PHASE.test(main ?? '') ? green : yellow)(words);
  }
  return undefined;
}

function phasesMessage(object: KubeObject): string {
  const lines = listAt(object, 'status', 'message').filter((line) => typeof line === 'string');
  return textAt(object, 'status', 'message') ?? lines.slice(0, MAX_LINES).join('; ');
}

/** What says in numbers, or by false, that it is not ready. */
function shortfallOf(object: KubeObject): Verdict | undefined {
  if (FLAGS.some((field) => valueAt(object, 'status', field) === false)) return yellow('is not ready');
  const [wanted, ready] = [numberAt(object, 'spec', 'replicas'), numberAt(object, 'status', 'readyReplicas')];
  const isShort = wanted !== undefined && ready !== undefined && ready < wanted;
  return isShort ? yellow(`${ready} of ${wanted} replicas are ready`) : undefined;
}
