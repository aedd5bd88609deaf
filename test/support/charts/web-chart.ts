import type { ChartParts } from './chart-builder.ts';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: {{ .Release.Name }}}
  template:
    metadata:
      labels: {app: {{ .Release.Name }}}
    spec:
      containers:
        - name: app
          image: example.com/app:{{ .Values.tag }}
          ports:
            - containerPort: 8080
          resources:
            requests: {cpu: 1000m, memory: 1Gi}
`;

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector: {app: {{ .Release.Name }}}
  ports:
    - port: 80
      targetPort: 8080
`;

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  greeting: {{ .Values.greeting | quote }}
  revision: {{ .Chart.Version | quote }}
{{- if .Values.extra }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-extra
data:
  extra: {{ .Values.extra | quote }}
{{- end }}
`;

/** A small chart that a tenant may install: a Deployment, a Service, a ConfigMap, and a second one where `extra` is set. */
export function webChart(version = '1.0.0', more: Partial<ChartParts> = {}): ChartParts {
  return {
    name: 'web',
    version,
    values: 'replicas: 1\ntag: "1"\ngreeting: hello\nextra: ""\n',
    templates: { 'deployment.yaml': DEPLOYMENT, 'service.yaml': SERVICE, 'config.yaml': CONFIG },
    ...more,
  };
}
