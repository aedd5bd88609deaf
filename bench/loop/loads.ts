import type { ChartParts } from '../../test/support/charts/chart-builder.ts';

/** What the controller is given: a chart, and the object that holds values for it. */
export interface Load {
  readonly title: string;
  readonly chart: ChartParts;
  readonly source?: { readonly kind?: string; readonly data?: Record<string, string> };
}

const COUNT = 10_000;
const MEGABYTE = 1_000_000;

/** Many small objects. */
export const OBJECTS: Load = {
  title: '1000 objects',
  chart: chartOf(
    'objects',
    `{{ range $i := until 1000 }}
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ $.Release.Name }}-{{ $i }}}
data: {a: b}
---
{{ end }}`,
  ),
};

/** Objects of many parts each; the value `content` is in all of them. */
export const LOADS: readonly Load[] = [
  {
    title: `${COUNT} items of a list`,
    chart: chartOf(
      'items',
      `apiVersion: apps/v1
kind: Deployment
metadata: {name: items}
spec:
  replicas: 0
  selector: {matchLabels: {app: items}}
  template:
    metadata: {labels: {app: items}}
    spec:
      containers:
      - name: main
        image: example.com/none
        env:
        {{- range $i := until ${COUNT} }}
        - {name: a{{ $i }}, value: {{ $.Values.content }}}
        {{- end }}
`,
    ),
  },
  {
    title: `${COUNT} keys of a map`,
    chart: chartOf(
      'keys',
      `apiVersion: v1
kind: ConfigMap
metadata: {name: keys}
data:
  {{- range $i := until ${COUNT} }}
  a{{ $i }}: {{ $.Values.content }}
  {{- end }}
`,
    ),
  },
];

/** Loads with a megabyte of small values each, in a source of values. */
export function hostileValues(): Load[] {
  return ['ConfigMap', 'Secret'].flatMap((kind) =>
    ['[],', 'a: ,', 'text,'].map((unit) => {
      const text = `a: [${unit.repeat(MEGABYTE / unit.length)}]`;
      const data = { 'values.yaml': kind === 'Secret' ? Buffer.from(text).toString('base64') : text };
      const source = { apiVersion: 'v1', kind, metadata: { name: 'source' }, data };
      return { title: `a megabyte of "${unit}" in a ${kind}`, chart: OBJECTS.chart, source };
    }),
  );
}

function chartOf(name: string, template: string): ChartParts {
  return { name, templates: { 'all.yaml': template } };
}
