import {
  publishedMetadata,
  readValues,
  writeYaml,
  type Chart,
  type ChartFile,
  type HookObject,
  type JsonObject,
  type SourcedObject,
} from '../../chart-renderer/index.ts';
import type { ReleaseHistory } from '../../crds/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { encodeRelease } from './stored-release.ts';

/** What is recorded of a version, as far as Helm stores it too. */
export interface ExportedVersion {
  readonly history: ReleaseHistory;
  readonly chart: Chart;
  readonly values: JsonObject;
  readonly objects: readonly SourcedObject[];
  readonly hooks: readonly HookObject[];
  readonly notes?: string;
}

const STATUSES = { inForce: 'deployed', other: 'superseded' } as const;

/** The Secret in which Helm 3 and Helm 4 look for a revision: Helm's own name, type and labels. */
export async function storageSecret(version: ExportedVersion, namespace: string, inForce: number): Promise<KubeObject> {
  const { release: name, version: number, recordedAt } = version.history.spec;
  const status = number === inForce ? STATUSES.inForce : STATUSES.other;
  const text = await encodeRelease(releaseOf(version, namespace, status));
  const createdAt = String(Math.floor(Date.parse(recordedAt) / 1000));
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'helm.sh/release.v1',
    metadata: {
      name: `sh.helm.release.v1.${name}.v${number}`,
      namespace,
      labels: { name, owner: 'helm', status, version: String(number), createdAt },
    },
    data: { release: Buffer.from(text).toString('base64') },
  };
}

function releaseOf(
  { history, values, objects, hooks, notes, chart }: ExportedVersion,
  namespace: string,
  status: string,
): object {
  const { release: name, version, recordedAt, description } = history.spec;
  return {
    name,
    namespace,
    version,
    info: {
      first_deployed: recordedAt,
      last_deployed: recordedAt,
      deleted: '',
      description,
      status,
      ...(notes === undefined ? {} : { notes }),
    },
    chart: storedChart(chart),
    config: values,
    manifest: objects.map(({ source, object }) => documentOf(source, object)).join(''),
    hooks: hooks.map(storedHook),
    // Helm 4 goes on by server-side apply, under whose field manager the objects are; Helm 3 does not read this.
    apply_method: 'ssa',
  };
}

function documentOf(source: string, object: KubeObject): string {
  return `---\n# Source: ${source}\n${writeYaml(object)}`;
}

function storedHook({ object, source, kind, name, events, weight, deletePolicies }: HookObject): object {
  return {
    name,
    kind,
    path: source,
    manifest: `# Source: ${source}\n${writeYaml(object)}`,
    events,
    last_run: { started_at: '', completed_at: '', phase: '' },
    weight,
    ...(deletePolicies.length === 0 ? {} : { delete_policies: deletePolicies }),
  };
}

function storedChart({ metadata, valuesFile, schema, templates, files, helmVersion }: Chart): object {
  const values = valuesFile === undefined ? {} : readValues(Buffer.from(valuesFile).toString('utf8'), { helmVersion });
  return {
    metadata: publishedMetadata(metadata),
    lock: null,
    templates: templates.map(storedFile),
    values,
    schema: schema === undefined ? null : Buffer.from(schema).toString('base64'),
    files: files.map(storedFile),
  };
}

function storedFile({ name, data }: ChartFile): object {
  return { name, data: Buffer.from(data).toString('base64') };
}
