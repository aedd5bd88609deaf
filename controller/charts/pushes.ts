import { conditionOf, WAITS_FOR_PUSH, type Release } from '../../crds/index.ts';
import { placeOf, RegistryError, type ChartPlace } from '../../registry-client/index.ts';
import { followsRange } from '../../records/index.ts';

/** The Releases that a push to one of these places affects: those whose reference can move, or whose chart was not found. */
export function releasesAffectedByPush(places: readonly ChartPlace[], releases: readonly Release[]): Release[] {
  const pushed = new Set(places.map(textOf));
  return releases.filter((release) => {
    const place = followsRange(release.spec.chart) || waitsForPush(release) ? placeOfRelease(release) : undefined;
    return place !== undefined && pushed.has(textOf(place));
  });
}

function waitsForPush({ status }: Release): boolean {
  const ready = conditionOf(status, 'Ready');
  return ready?.status === 'False' && WAITS_FOR_PUSH.has(ready.reason);
}

/** Where the chart of a Release is; undefined for an inline chart, and for a reference that leads nowhere. */
export function placeOfRelease({ spec: { chart } }: Release): ChartPlace | undefined {
  const { registry, name } = chart;
  if (registry === undefined || name === undefined) return undefined;
  try {
    return placeOf({ registry, name });
  } catch (error) {
    // A reference that leads nowhere is reported by the Release's own pass.
    if (error instanceof RegistryError) return undefined;
    throw error;
  }
}

function textOf({ host, path }: ChartPlace): string {
  return `${host}/${path}`;
}
