import { contentDigest } from '../../../records/index.ts';
import type {
  ObjectMeta,
  Release,
  ReleaseContent,
  ReleaseHistory,
  ReleaseSpec,
  ReleaseStatus,
} from '../../../crds/index.ts';

export const CHART = { registry: 'oci://registry.example.com/charts', name: 'web', version: '^1.0.0' };

/** A content that differs from others by the letter. */
export function content(letter: string, more: Partial<ReleaseContent> = {}): ReleaseContent {
  return { chart: CHART, values: { letter }, ...more };
}

export function release(
  spec: Partial<ReleaseSpec> = {},
  status?: ReleaseStatus,
  metadata: Partial<ObjectMeta> = {},
): Release {
  return {
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'Release',
    metadata: { ...meta('web', 'uid-of-web'), ...metadata },
    spec: {
      ...content('a'),
      serviceAccountName: 'default',
      suspend: false,
      approval: 'Automatic',
      hooks: 'Run',
      adopt: 'Never',
      drift: 'Repair',
      crds: 'Create',
      recreate: 'Safe',
      schemaValidation: 'Run',
      interval: '10m',
      timeout: '5m',
      redAfter: '1m',
      historyLimit: 10,
      ...spec,
    },
    ...(status ? { status } : {}),
  };
}

/** Version `version` as recorded with this content, chart digest `chart-<version>` and inputs `inputs`. */
export function history(version: number, of: ReleaseContent = content('a'), inputs = 'inputs'): ReleaseHistory {
  const resolved = resolvedAs(version);
  return {
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'ReleaseHistory',
    metadata: meta(`web-v${version}`, `uid-of-v${version}`),
    spec: {
      release: 'web',
      version,
      chart: of.chart,
      resolved,
      digests: {
        content: contentDigest(of),
        inputs,
        record: `sha256:record-${version}`,
      },
      chunks: [],
      description: `Upgrade to ${version}`,
      cause: 'Edit',
      recordedAt: `2026-01-0${version % 9}T00:00:00Z`,
      changes: [],
      changesTotal: 0,
    },
  };
}

/** `metadata.managedFields` that say who set `spec.version` last. */
export function versionSetBy(manager: string, operation: 'Apply' | 'Update'): Partial<ObjectMeta> {
  const entry = { manager, operation, fieldsV1: { 'f:spec': { 'f:version': {} } } };
  return { managedFields: [entry] };
}

function resolvedAs(version: number): ReleaseHistory['spec']['resolved'] {
  return { name: 'web', version: `1.0.${version}`, appVersion: `${version}`, digest: `chart-${version}` };
}

function meta(name: string, uid: string): ObjectMeta {
  return {
    name,
    namespace: 'shop',
    uid,
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
}
