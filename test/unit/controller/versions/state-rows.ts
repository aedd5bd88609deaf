import { expect, test } from '@jest/globals';
import { stateOf, type Observation, type State } from '../../../../controller/versions/state.ts';
import type { ObjectMeta, ReleaseHistory, ReleaseSpec, ReleaseStatus } from '../../../../crds/index.ts';
import { release } from '../releases.ts';

/** Long after all versions were recorded. */
export const NOW = Date.parse('2026-02-01T00:00:00Z');

/** The status of a Release with `version` in force; `were` have been in force and are recorded. */
export function inForce(version: number, were: number[] = []): ReleaseStatus {
  return {
    version,
    inputs: 'inputs',
    chart: { name: 'web', version: `1.0.${version}`, digest: `chart-${version}` },
    followed: { range: '^1.0.0', digest: `chart-${version}` },
    history: [...new Set([...were, version])].map((number) => ({
      version: number,
      chart: 'web-1.0.0',
      time: '2026-01-01T00:00:00Z',
      description: '',
    })),
  };
}

/** One Release as it was read, and the state that it is in. */
export interface Row {
  title: string;
  spec: Partial<ReleaseSpec>;
  status?: ReleaseStatus;
  metadata?: Partial<ObjectMeta>;
  histories?: ReleaseHistory[];
  more?: Partial<Observation>;
  expected: State;
}

/** Makes a test of each row. */
export function check(rows: Row[]): void {
  test.each(rows)('$title', ({ spec, status, metadata, histories = [], more, expected }) => {
    const given = { release: release(spec, status, metadata), histories };
    const observed = { ...given, inputs: 'inputs', chartDigest: undefined, now: NOW };
    expect(stateOf({ ...observed, ...more })).toEqual(expected);
  });
}
