import type { ChartParts } from './chart-builder.ts';

/** A Job whose pod fails while `fails` is true, by `stage`, a label that the simulated kubelet reads. */
export type HookJob = {
  readonly name: string;
  readonly events: string;
  readonly weight?: number;
  readonly policy?: string;
  /** Text of the template in the Job's `spec`, such as `ttlSecondsAfterFinished: 0`. */
  readonly spec?: string;
  /** A condition in the template under which it fails, such as `.Values.fails`. */
  readonly failsIf?: string;
  readonly image?: string;
};

const FAILS = 'pod-container-running-failed.stage.kwok.x-k8s.io: "true"';

/** The template of a hook that is a Job. */
export function hookJob({ name, events, weight = 0, policy, spec = '', failsIf = 'false', image }: HookJob): string {
  const deletion = policy === undefined ? '' : `\n    helm.sh/hook-delete-policy: ${policy}`;
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations:
    helm.sh/hook: ${events}
    helm.sh/hook-weight: "${weight}"${deletion}
spec:
  backoffLimit: 0
  ${spec}
  template:
    metadata:
      labels: {{ if ${failsIf} }}{${FAILS}}{{ else }}{}{{ end }}
    spec:
      restartPolicy: Never
      containers: [{name: main, image: "${image ?? 'example.com/hook:1'}"}]
`;
}

/** A ConfigMap with the value of `.Values.<key>`. */
export function configMap(name: string, key: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}}
data: {value: {{ .Values.${key} | quote }}}
`;
}

/** A chart of these documents. */
export function chartOf(name: string, documents: readonly string[], values: string, version = '1.0.0'): ChartParts {
  return { name, version, values, templates: { 'all.yaml': documents.join('---\n') } };
}
