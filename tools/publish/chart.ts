import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { packFiles, type PackedChart } from '../../chart-renderer/index.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** A text of a manifest, and what a template has in its place. */
type Change = readonly [text: string, template: string];

/** A manifest of deploy/ as a template of the chart, rendered where `condition` holds. */
interface Template {
  readonly from: string;
  readonly changes: readonly Change[];
  readonly condition?: string;
  /** The value of which each item has one. */
  readonly each?: string;
}

const NAMESPACE: Change = ['namespace: coxswain-system', 'namespace: {{ .Release.Namespace }}'];

const RBAC = 'apiVersion: rbac.authorization.k8s.io/v1\nkind:';

/** For some namespaces only there is neither the ClusterRole nor its binding; what is left of the manifest comes after them. */
const CLUSTER_WIDE: readonly Change[] = [
  [`${RBAC} ClusterRole\n`, `{{- if not .Values.namespaces }}\n${RBAC} ClusterRole\n`],
  [`---\n${RBAC} Role\n`, `{{- end }}\n---\n${RBAC} Role\n`],
];

const NAMED: readonly Change[] = [
  ['namespace: shop', 'namespace: {{ . }}'],
  ['namespace: coxswain-system', 'namespace: {{ $.Release.Namespace }}'],
];

const POD = `      serviceAccountName: coxswain
      {{- with .Values.imagePullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      {{- with .Values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- range $field := list "nodeSelector" "tolerations" "affinity" }}
      {{- with index $.Values $field }}
      {{ $field }}: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
`;

const ARGS = `            - --webhook-service=coxswain-webhook
            {{- if ne .Release.Namespace "coxswain-system" }}
            - --lease-namespace={{ .Release.Namespace }}
            {{- end }}
            {{- range .Values.namespaces }}
            - --namespace={{ . }}
            {{- end }}
            {{- range .Values.allowedRegistries }}
            - --allow-registry={{ . }}
            {{- end }}
            {{- with .Values.args }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
`;

const ENV = `          env:
            {{- with .Values.traceEndpoint }}
            - name: OTEL_EXPORTER_OTLP_ENDPOINT
              value: {{ quote . }}
            {{- end }}
            {{- with .Values.env }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
`;

const RESOURCES = `            requests:
              cpu: 100m
              memory: 512Mi
            # The controller, and two renderers of 130 MiB each, which hostile charts may drive up to 640 MiB each: see docs/install.md.
            limits:
              memory: 2Gi
`;

const MONITORING_NAMESPACE = `        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: monitoring
`;

const TEMPLATES: readonly Template[] = [
  { from: 'access.yaml', changes: [NAMESPACE, ...CLUSTER_WIDE] },
  { from: 'namespaced/namespaced-access.yaml', changes: NAMED, each: '.Values.namespaces' },
  { from: 'people.yaml', changes: [], condition: '.Values.people' },
  { from: 'editors.yaml', changes: [], condition: '.Values.editors' },
  { from: 'approvers.yaml', changes: [], condition: '.Values.approvers' },
  {
    from: 'controller.yaml',
    changes: [
      NAMESPACE,
      ['replicas: 2', 'replicas: {{ .Values.replicas }}'],
      ['image: coxswain:dev', 'image: {{ .Values.image }}'],
      ['imagePullPolicy: IfNotPresent', 'imagePullPolicy: {{ .Values.imagePullPolicy }}'],
      ['--render-workers=2', '--render-workers={{ .Values.renderWorkers }}'],
      ['--max-old-space-size=384', '--max-old-space-size={{ .Values.heapMib }}'],
      ['      serviceAccountName: coxswain\n', POD],
      ['            - --webhook-service=coxswain-webhook\n', ARGS],
      ['          env:\n', ENV],
      [RESOURCES, '            {{- toYaml .Values.resources | nindent 12 }}\n'],
    ],
  },
  { from: 'monitoring/service-monitor.yaml', changes: [NAMESPACE], condition: '.Values.serviceMonitor' },
  { from: 'monitoring/alerts.yaml', changes: [NAMESPACE], condition: '.Values.alerts' },
  {
    from: 'monitoring/network-policy.yaml',
    changes: [
      NAMESPACE,
      [MONITORING_NAMESPACE, MONITORING_NAMESPACE.replace('monitoring', '{{ .Values.metricsNamespace }}')],
    ],
    condition: '.Values.metricsNamespace',
  },
];

/**
 * Packs the chart of Coxswain itself: the manifests of deploy/ with values in them, and the definitions. The same sources give the same
 * bytes. Throws where a manifest no longer has a text that a value is to stand for.
 */
export async function packOwnChart(version: string, image: string | undefined): Promise<PackedChart> {
  const read = async (...path: string[]): Promise<string> => readFile(join(ROOT, ...path), 'utf8');
  const facts = `version: ${version}\nappVersion: ${JSON.stringify(version)}\n`;
  const values = await read('deploy', 'chart', 'values.yaml');
  const definitions = (await readdir(join(ROOT, 'crds'))).filter((name) => name.endsWith('.yaml')).toSorted();
  const texts: [string, string][] = [
    ['Chart.yaml', `${await read('deploy', 'chart', 'Chart.yaml')}${facts}`],
    ['values.yaml', image === undefined ? values : replaced(values, ['image: coxswain:dev', `image: ${image}`])],
    ['templates/NOTES.txt', await read('deploy', 'chart', 'NOTES.txt')],
    ['LICENSE', await read('LICENSE')],
  ];
  for (const name of definitions) texts.push([`crds/${name}`, await read('crds', name)]);
  for (const template of TEMPLATES) {
    const name = basename(template.from);
    texts.push([`templates/${name}`, templateOf(await read('deploy', template.from), template)]);
  }
  return packFiles(texts.map(([name, text]) => ({ name, data: Buffer.from(text) })));
}

function templateOf(manifest: string, { changes, condition, each }: Template): string {
  const literal = withoutNamespace(manifest).replaceAll('{{', '{{ "{{" }}');
  const text = changes.reduce(replaced, literal);
  if (each !== undefined) return `{{- range ${each} }}\n---\n${text}{{- end }}\n`;
  return condition === undefined ? text : `{{- if ${condition} }}\n${text}{{- end }}\n`;
}

/** The namespace that a chart is installed into is made by whoever installs it. */
function withoutNamespace(manifest: string): string {
  return manifest
    .split(/^---\n/m)
    .filter((document) => !/^kind: Namespace$/m.test(document))
    .join('---\n');
}

function replaced(text: string, [from, to]: Change): string {
  if (!text.includes(from))
    throw new Error(`what the chart is made from no longer has the text ${JSON.stringify(from)}`);
  return text.replaceAll(from, () => to);
}
