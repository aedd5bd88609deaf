import { randomBytes } from 'node:crypto';
import { GROUP_VERSION } from '../../crds/index.ts';
import type { ChartParts } from '../../test/support/charts/chart-builder.ts';

/** What the controller is given: a chart. */
export interface Load {
  readonly title: string;
  readonly chart: ChartParts;
}

/** And an object: one that holds values for it, or that is merely there. */
export interface LoadWithObject extends Load {
  readonly object: { readonly kind: string; readonly metadata: { readonly name: string } };
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

/** A workload whose pods are watched, and none of its own. */
const WORKLOAD = deploymentOf('workload');

/** Objects of many parts each; the value `content` is in all of them. */
export const LOADS: readonly Load[] = [
  {
    title: `${COUNT} items of a list`,
    chart: deploymentOf(
      'items',
      `        env:
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

/** Objects beside a Release, about as large as the API server stores them. */
export function hostileObjects(): LoadWithObject[] {
  const each = <T>(make: (i: number) => T): T[] => Array.from({ length: COUNT }, (_, i) => make(i));
  const labels = Object.fromEntries(each((i) => [`label-${i}`, `${i}`]));
  const inline = randomBytes(0.75 * MEGABYTE).toString('base64');
  const containers = [{ name: 'main', image: 'example.com/none' }];
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'large', labels }, spec: { containers } };
  const release = (spec: object, metadata: object = {}) => ({
    apiVersion: GROUP_VERSION,
    kind: 'Release',
    metadata: { name: 'large', ...metadata },
    spec,
  });
  return [
    { title: `a pod of ${COUNT} labels`, object: pod },
    { title: `a Release of ${COUNT} labels`, object: release({ chart: { inline } }, { labels }) },
    {
      title: `a Release of ${4 * COUNT} values`,
      object: release({ chart: { inline }, values: { a: each(() => [1, 2, 3]) } }),
    },
    {
      title: `a Release of ${30 * COUNT} values`,
      object: release({ chart: { inline: 'AA==' }, values: { a: each(() => Array(29).fill(1)) } }),
    },
    { title: 'a Release with a chart of a megabyte', object: release({ chart: { inline } }) },
  ].map((load) => ({ ...load, chart: WORKLOAD }));
}

/** Loads with a megabyte of small values each, in a source of values. */
export function hostileValues(): LoadWithObject[] {
  return ['ConfigMap', 'Secret'].flatMap((kind) =>
    ['[],', 'a: ,', 'text,'].map((unit) => {
      const text = `a: [${unit.repeat(MEGABYTE / unit.length)}]`;
      const data = { 'values.yaml': kind === 'Secret' ? Buffer.from(text).toString('base64') : text };
      const source = { apiVersion: 'v1', kind, metadata: { name: 'source' }, data };
      return { title: `a megabyte of "${unit}" in a ${kind}`, chart: OBJECTS.chart, object: source };
    }),
  );
}

/** A Deployment without pods; `more` is what its container has beside an image. */
function deploymentOf(name: string, more = ''): ChartParts {
  return chartOf(
    name,
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: 0
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - name: main
        image: example.com/none
${more}`,
  );
}

function chartOf(name: string, template: string): ChartParts {
  return { name, templates: { 'all.yaml': template } };
}
