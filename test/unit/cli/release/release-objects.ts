import type { FieldChange, Release, ReleaseHistory, ReleaseStatus } from '../../../../crds/index.ts';
import { release } from '../../controller/releases.ts';

const TIME = '2026-01-01T00:00:00Z';

/** A Release with this status. */
export function releaseWith(status: ReleaseStatus, generation = 1): Release {
  const chart = { registry: 'oci://registry.example/charts', name: 'web' };
  return release({ chart, interval: '5m' }, status, { generation });
}

/** A ReleaseHistory of version `version`, compared with `comparedWith`. */
export function historyWith(
  version: number,
  comparedWith: number | undefined,
  changes: FieldChange[],
  changesTotal = changes.length,
): ReleaseHistory {
  const digest = `sha256:${'0'.repeat(64)}`;
  return {
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'ReleaseHistory',
    metadata: {
      name: `web-v${version}`,
      namespace: 'shop',
      uid: `h${version}`,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: TIME,
    },
    spec: {
      release: 'web',
      version,
      chart: { registry: 'oci://registry.example/charts', name: 'web' },
      resolved: { name: 'web', version: `1.0.${version}`, digest },
      digests: { content: digest, inputs: digest, record: digest },
      chunks: [],
      description: version === 1 ? 'Install' : 'Upgrade',
      cause: 'Edit',
      recordedAt: TIME,
      ...(comparedWith === undefined ? {} : { comparedWith }),
      changes,
      changesTotal,
    },
  };
}
