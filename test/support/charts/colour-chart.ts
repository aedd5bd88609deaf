import type { ChartParts } from './chart-builder.ts';

const TEMPLATE = `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {greeting: {{ .Values.greeting | quote }}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: app
          image: example.com/app:{{ .Values.tag }}
          envFrom: [{configMapRef: {name: web}}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  minAvailable: 1
  selector: {matchLabels: {app: web}}
`;

/** A chart that can be there in two colours: a Deployment that reads a ConfigMap, its Service, and its PodDisruptionBudget. */
export const COLOUR_CHART: ChartParts = {
  name: 'colour',
  values: 'tag: "1"\ngreeting: hello\n',
  templates: { 'all.yaml': TEMPLATE },
};
