import { isMap, keysOf, valueAt } from '../json/json.ts';
import type { OtherManagers } from '../fields/other-managers.ts';
import { groupOf } from '../reference.ts';
import type { KubeObject } from '../types.ts';

/** A field that the cluster does not hold on our behalf, and what the rules go by. */
interface LostField {
  pointer: string;
  desired: KubeObject;
  live: KubeObject;
  others: OtherManagers;
  /** Whether the desired state differs from the one applied last. */
  isNewState: boolean;
  /** Whether the autoscaler of the object is about to go: the number is then the chart's again. */
  losesItsScaler: boolean;
}

/**
 * Fields of some kinds, as JSON pointers with `*` for any characters of one key. `when` says when they are left to others: always, if
 * absent.
 */
interface Rule {
  kinds: readonly string[];
  fields: readonly string[];
  when?: (field: LostField) => boolean;
}

const ANNOTATIONS = '/metadata/annotations';
const WEBHOOKS = [
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
];

/**
 * What Kubernetes' own controllers, binders, leaders, queues and injectors write by design, even though a chart sets it too. Only what
 * somebody else owns by now is left to them: what a chart sets and nobody changed stays its own, and what was merely removed is put back.
 * kapp has the oldest of these as rebase rules, Argo CD some as defaults, others as advice.
 */
// prettier-ignore
const RULES: readonly Rule[] = [
  { kinds: ['apps/Deployment', 'apps/ReplicaSet'], fields: [`${ANNOTATIONS}/deployment.kubernetes.io~1*`] },
  { kinds: ['apps/DaemonSet'], fields: [`${ANNOTATIONS}/deprecated.daemonset.template.generation`] },
  { kinds: ['/PersistentVolumeClaim'], fields: ['/spec/volumeName', '/spec/storageClassName', `${ANNOTATIONS}/pv.kubernetes.io~1*`,
    `${ANNOTATIONS}/volume.kubernetes.io~1*`, `${ANNOTATIONS}/volume.beta.kubernetes.io~1*`] },
  { kinds: ['/PersistentVolume'], fields: ['/spec/claimRef', `${ANNOTATIONS}/pv.kubernetes.io~1*`] },
  // Argo Rollouts adds the hash of the pods that traffic goes to; a selector is owned as a whole.
  { kinds: ['/Service'], fields: ['/spec/selector'], when: ({ live }) => valueAt(live, 'spec', 'selector', 'rollouts-pod-template-hash') !== undefined },
  { kinds: ['/Secret'], fields: ['/data/*'], when: isEmptyText },
  { kinds: ['/ServiceAccount'], fields: ['/secrets', '/imagePullSecrets'] },
  { kinds: ['/Namespace'], fields: ['/spec/finalizers'] },
  { kinds: ['/Endpoints', '/ConfigMap'], fields: [`${ANNOTATIONS}/control-plane.alpha.kubernetes.io~1leader`] },
  { kinds: ['coordination.k8s.io/Lease'], fields: ['/spec'] },
  { kinds: ['rbac.authorization.k8s.io/ClusterRole'], fields: ['/rules'], when: ({ desired }) => isMap(desired['aggregationRule']) },
  // Queues such as Kueue start Jobs, and say where their pods run; nobody else can change a Job's template.
  { kinds: ['batch/Job', 'jobset.x-k8s.io/JobSet'], fields: ['/spec/suspend', '/spec/template'] },
  { kinds: WEBHOOKS, fields: ['/webhooks/*/clientConfig/caBundle'], when: isInjected },
  // Istio's injector fails open until it has put its certificate in.
  { kinds: WEBHOOKS, fields: ['/webhooks/*/failurePolicy'],
    when: ({ pointer, others, isNewState }) => !isNewState && others.own(pointer.replace(/failurePolicy$/, 'clientConfig/caBundle')) },
  { kinds: ['apiextensions.k8s.io/CustomResourceDefinition'], fields: ['/spec/conversion/webhook/clientConfig/caBundle'], when: isInjected },
  { kinds: ['apiregistration.k8s.io/APIService'], fields: ['/spec/caBundle'], when: isInjected },
];

/** What controllers remove from any object: an owner that is gone, a finalizer whose work is done. */
const TAKEN_OUT = fieldPattern(['/metadata/ownerReferences/*', '/metadata/finalizers/*']);
/** What people restart workloads with; putting it back would restart them once more. */
const RESTARTED = fieldPattern(['/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt']);

const rulesByKind = new Map<string, { fields: RegExp; when: Rule['when'] }[]>();
for (const { kinds, fields, when } of RULES) {
  for (const kind of kinds)
    rulesByKind.set(kind, [...(rulesByKind.get(kind) ?? []), { fields: fieldPattern(fields), when }]);
}

/**
 * Whether a field that we lost is somebody else's by design, so that it is neither drift nor to be sent: whatever was written through
 * a subresource such as `scale`, and what the table above lists.
 */
export function isLeftToOthers(field: LostField): boolean {
  const { pointer, others, desired } = field;
  if (TAKEN_OUT.test(pointer)) return !field.isNewState;
  if (others.ownBySubresource(pointer) || isScaled(field)) return !field.losesItsScaler;
  if (!others.own(pointer)) return false;
  if (RESTARTED.test(pointer)) return true;
  const rules = rulesByKind.get(kindOf(desired)) ?? [];
  return rules.some(({ fields, when }) => fields.test(pointer) && (when === undefined || when(field)));
}

/**
 * A number that is there though nobody owns it: the API server forgets who set it once somebody scales to zero. Whoever edits a field, or
 * removes it to get its default, owns it.
 */
function isScaled({ pointer, desired, live, others }: LostField): boolean {
  const isNumber = typeof valueOf(desired, pointer) === 'number' && typeof valueOf(live, pointer) === 'number';
  return isNumber && others.isApplied && !others.own(pointer) && !IN_LIST.test(pointer);
}

/** The positions of a list's items say nothing about where these are in the live list. */
const IN_LIST = /\/\d+(?:\/|$)/;

/** The pattern of pointers to such fields, and to what is below them. */
function fieldPattern(fields: readonly string[]): RegExp {
  const alternatives = fields.map((field) => field.replaceAll('.', String.raw`\.`).replaceAll('*', '[^/]*'));
  return new RegExp(`^(?:${alternatives.join('|')})(?:/|$)`);
}

function kindOf({ apiVersion, kind }: KubeObject): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

/** An empty string asks for nothing: somebody filled it in. */
function isEmptyText({ desired, pointer }: LostField): boolean {
  return textOf(desired, pointer) === '';
}

/** A certificate that the chart itself sets is sent again with each new state, a mere placeholder never. */
function isInjected(field: LostField): boolean {
  const text = Buffer.from(textOf(field.desired, field.pointer) ?? '', 'base64').toString('latin1');
  return !field.isNewState || !text.includes('BEGIN CERTIFICATE');
}

function textOf(desired: KubeObject, pointer: string): string | undefined {
  const value = valueOf(desired, pointer);
  return typeof value === 'string' ? value : undefined;
}

function valueOf(object: KubeObject, pointer: string): unknown {
  let value: unknown = object;
  for (const key of keysOf(pointer)) {
    value = Array.isArray(value) ? (value as unknown[])[Number(key)] : valueAt(value, key);
  }
  return value;
}
