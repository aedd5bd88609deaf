import { setImmediate as nextTurn } from 'node:timers/promises';
import { LoadBudget } from '../archive/budget.ts';
import { LOAD_LIMITS } from '../archive/limits.ts';
import { buildChart } from '../chart/build.ts';
import { DEFAULT_HELM_VERSION } from '../helm-version.ts';
import type { RenderOptions } from '../prepare.ts';
import { renderChart, type Rendering } from '../render.ts';

/** What most charts are made of: files written as in many of them. */
const FILES: Readonly<Record<string, string>> = {
  'Chart.yaml': `apiVersion: v2
name: app
description: A chart to begin with
type: application
version: 0.1.0
appVersion: "1.16.0"
`,
  'values.yaml': `# What is deployed.
replicaCount: 1
image: { repository: registry.example/app, tag: "", pullPolicy: IfNotPresent }
imagePullSecrets: []
nameOverride: ""
serviceAccount: { create: true, annotations: {} }
podAnnotations:
  example.com/scrape: "true"
securityContext:
  capabilities:
    drop:
      - ALL
  readOnlyRootFilesystem: true
  runAsUser: 1000
service:
  type: ClusterIP
  port: 80
ingress:
  enabled: true
  className: ""
  annotations: {}
  hosts:
    - host: app.example
      paths:
        - path: /
          pathType: Prefix
  tls: []
resources:
  limits: { cpu: 100m, memory: 128Mi }
config:
  level: info
  text: |
    a: {{ .Release.Name }}
    b: 2
nodeSelector: {}
tolerations: []
affinity: {}
`,
  'templates/_helpers.tpl': `{{/* The name of the chart. */}}
{{- define "app.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "app.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "app.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "app.selectorLabels" . }}
{{- if .Chart.AppVersion }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "app.selectorLabels" -}}
app.kubernetes.io/name: {{ include "app.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
`,
  'templates/config.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "app.fullname" . }}
  labels:
    {{- include "app.labels" . | nindent 4 }}
data:
  level: {{ .Values.config.level | upper | quote }}
  values.json: {{ toJson .Values.config | b64enc | quote }}
  text: |
{{ tpl .Values.config.text $ | indent 4 }}
---
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "app.fullname" . }}
type: Opaque
data:
  {{- $merged := merge (dict "user" "app") (dict "port" (.Values.service.port | toString)) }}
  {{- range $key, $value := $merged }}
  {{ $key }}: {{ $value | b64enc }}
  {{- end }}
`,
  'templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "app.fullname" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "app.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicaCount | int }}
  selector:
    matchLabels:
      {{- include "app.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      annotations:
        checksum/config: {{ include (print $.Template.BasePath "/config.yaml") . | sha256sum }}
        {{- with .Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      labels:
        {{- include "app.selectorLabels" . | nindent 8 }}
    spec:
      {{- with .Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      serviceAccountName: {{ ternary (include "app.fullname" .) "default" .Values.serviceAccount.create }}
      containers:
        - name: {{ .Chart.Name }}
          securityContext:
            {{- toYaml .Values.securityContext | nindent 12 }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          ports:
            - name: http
              containerPort: {{ .Values.service.port }}
              protocol: TCP
          livenessProbe:
            httpGet: { path: /, port: http }
          {{- if not (empty .Values.resources) }}
          resources:
            {{- .Values.resources | toYaml | nindent 12 }}
          {{- end }}
      {{- with .Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
`,
  'templates/service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: {{ include "app.fullname" . }}
spec:
  type: {{ .Values.service.type }}
  ports:
    - port: {{ .Values.service.port }}
      targetPort: http
  selector:
    {{- include "app.selectorLabels" . | nindent 4 }}
{{- if .Values.ingress.enabled }}
{{- $fullName := include "app.fullname" . }}
---
{{- if semverCompare ">=1.19-0" .Capabilities.KubeVersion.GitVersion }}
apiVersion: networking.k8s.io/v1
{{- else }}
apiVersion: networking.k8s.io/v1beta1
{{- end }}
kind: Ingress
metadata:
  name: {{ $fullName }}
spec:
  {{- if and .Values.ingress.className (.Capabilities.APIVersions.Has "networking.k8s.io/v1") }}
  ingressClassName: {{ .Values.ingress.className }}
  {{- end }}
  rules:
    {{- range .Values.ingress.hosts }}
    - host: {{ .host | quote }}
      http:
        paths:
          {{- range .paths }}
          - path: {{ .path }}
            pathType: {{ .pathType }}
            backend:
              service: { name: {{ $fullName }}, port: { number: {{ $.Values.service.port }} } }
          {{- end }}
    {{- end }}
{{- end }}
`,
  'templates/hook.yaml': `apiVersion: v1
kind: Pod
metadata:
  name: "{{ include "app.fullname" . }}-test"
  annotations:
    "helm.sh/hook": test
spec:
  containers:
    - name: wget
      image: busybox
      args: ['{{ include "app.fullname" . }}:{{ .Values.service.port }}']
  restartPolicy: Never
`,
  'templates/NOTES.txt': `{{- if eq .Values.service.type "ClusterIP" }}
Port {{ .Values.service.port }} of {{ include "app.fullname" . }} in {{ .Release.Namespace }}.
{{- end }}
`,
};

const OPTIONS: RenderOptions = {
  release: { name: 'warm', namespace: 'up', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
  values: { replicaCount: 2, podAnnotations: { 'example.com/scrape': null } },
  capabilities: { kubeVersion: 'v1.34.0', apiVersions: ['v1', 'apps/v1', 'networking.k8s.io/v1'] },
};

/** How many times a renderer that has just started renders the small chart. */
export const WARM_UPS = 10;

/** Renders a small chart this many times, one per turn, as long as nothing else is to be done; returns the last rendering. */
export async function warmUp(times: number, isIdle: () => boolean): Promise<Rendering | undefined> {
  const files = Object.entries(FILES).map(([name, text]) => ({ name, data: Buffer.from(text) }));
  let rendering: Rendering | undefined;
  for (let time = 0; time < times && isIdle(); time++) {
    const chart = await buildChart(files, new LoadBudget(LOAD_LIMITS), DEFAULT_HELM_VERSION);
    rendering = await renderChart(chart, OPTIONS);
    await nextTurn();
  }
  return rendering;
}
