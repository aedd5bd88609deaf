import type { ChartParts } from './chart-builder.ts';
import { hookJob } from './hook-charts.ts';

const SERVERS = `apiVersion: v1
kind: ServiceAccount
metadata: {name: {{ .Release.Name }}-app, labels: {app.kubernetes.io/managed-by: {{ .Release.Service }}}}
---
apiVersion: v1
kind: Service
metadata: {name: {{ .Release.Name }}-web}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}-web}
spec:
  {{- with .Values.minReadySeconds }}
  minReadySeconds: {{ . }}
  {{- end }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: {{ .Release.Name }}-app
      containers: [{name: web, image: "example.com/web:{{ .Values.tag }}", ports: [{containerPort: 8080}]}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: {{ .Release.Name }}-db}
spec:
  serviceName: {{ .Release.Name }}-web
  updateStrategy: {type: RollingUpdate, rollingUpdate: {}}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers: [{name: db, image: example.com/db:1, volumeMounts: [{name: data, mountPath: /data}]}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
`;

const SETTINGS = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-settings}
data:
  tag: {{ .Values.tag | quote }}
  {{- with .Values.dropped }}
  dropped: {{ . | quote }}
  {{- end }}
`;

/** A chart of servers with a disk, a hook of every event of an install or an upgrade, and fields that its values leave out. */
export function appChart(more: Partial<ChartParts> = {}): ChartParts {
  return {
    name: 'app',
    version: '1.0.0',
    values: 'tag: "1"\ndropped: here\nminReadySeconds: 1\n',
    ...more,
    templates: {
      'servers.yaml': SERVERS,
      'settings.yaml': SETTINGS,
      'migrate.yaml': hookJob({ name: '{{ .Release.Name }}-migrate', events: 'post-install,post-upgrade' }),
      ...more.templates,
    },
  };
}
