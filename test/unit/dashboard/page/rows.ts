import type { ReleaseRow } from '../../../../dashboard/api/index.ts';

/** A Release in the list: Green, of version 1, but for what is said. */
export function rowNamed(namespace: string, name: string, more: Partial<ReleaseRow> = {}): ReleaseRow {
  return {
    namespace,
    name,
    uid: `${namespace}/${name}`,
    generation: 1,
    tenant: namespace,
    chart: 'chart',
    chartVersion: '1.0.0',
    version: 1,
    health: 'Green',
    reason: 'InstallSucceeded',
    message: '',
    ready: 'True',
    suspended: false,
    busy: false,
    created: '2026-01-01T00:00:00Z',
    changed: '2026-01-01T00:00:00Z',
    ...more,
  };
}
