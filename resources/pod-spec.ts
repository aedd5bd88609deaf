import type { KubeObject } from './types.ts';

const TEMPLATE = ['spec', 'template', 'spec'];

/** Where the kinds that run pods keep their pod's spec. */
const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  PodTemplate: ['template', 'spec'],
  Deployment: TEMPLATE,
  ReplicaSet: TEMPLATE,
  ReplicationController: TEMPLATE,
  StatefulSet: TEMPLATE,
  DaemonSet: TEMPLATE,
  Job: TEMPLATE,
  CronJob: ['spec', 'jobTemplate', ...TEMPLATE],
};

/** The fields that lead to the spec of the pods that an object runs; undefined if it runs none. */
export function podSpecPath({ kind }: KubeObject): readonly string[] | undefined {
  return POD_SPECS[kind];
}
