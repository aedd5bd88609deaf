import { isMap, listAt, mapAt, textAt, valueAt } from './json/json.ts';
import type { KubeObject } from './types.ts';

/** A label selector within a namespace. */
export interface Selector {
  namespace: string | undefined;
  matchLabels: Record<string, unknown>;
  matchExpressions: readonly unknown[];
}

/** Kinds whose `spec.selector` is a LabelSelector over the pods that they make. */
const POD_MAKERS = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job']);
const JOB_NAME_LABEL = 'batch.kubernetes.io/job-name';
const OF_A_JOB = { key: JOB_NAME_LABEL, operator: 'Exists' };

/** The selector of the pods that a workload makes, as desired or live; undefined for any other kind. */
export function podSelectorOf(object: KubeObject): Selector | undefined {
  const { namespace, name } = object.metadata;
  if (object.kind === 'ReplicationController') {
    return { namespace, matchLabels: mapAt(object, 'spec', 'selector'), matchExpressions: [] };
  }
  if (object.kind === 'CronJob') return { namespace, matchLabels: {}, matchExpressions: [OF_A_JOB] };
  if (!POD_MAKERS.has(object.kind)) return undefined;
  const selector = valueAt(object, 'spec', 'selector');
  // A Job's selector is made by the server, together with this label.
  if (!isMap(selector)) return { namespace, matchLabels: { [JOB_NAME_LABEL]: name }, matchExpressions: [] };
  return {
    namespace,
    matchLabels: mapAt(selector, 'matchLabels'),
    matchExpressions: listAt(selector, 'matchExpressions'),
  };
}

/** Whether `object` is in the selector's namespace and its labels match; an empty selector matches nothing. */
export function selects(selector: Selector, object: KubeObject): boolean {
  const { matchLabels, matchExpressions } = selector;
  const labels = object.metadata.labels ?? {};
  const wanted = Object.entries(matchLabels);
  if (wanted.length + matchExpressions.length === 0 || object.metadata.namespace !== selector.namespace) return false;
  return (
    wanted.every(([label, value]) => labels[label] === value) &&
    matchExpressions.every((expression) => isMet(expression, labels))
  );
}

function isMet(expression: unknown, labels: Record<string, string>): boolean {
  const value = labels[textAt(expression, 'key') ?? ''];
  const values = listAt(expression, 'values');
  switch (textAt(expression, 'operator') ?? '') {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
