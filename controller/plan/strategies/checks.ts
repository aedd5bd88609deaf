import type { HookEvent, HookObject } from '../../../chart-renderer/index.ts';
import type { ColourCheck, HttpCheck, ReleaseSpec } from '../../../crds/index.ts';
import type { VersionRecord } from '../../../records/index.ts';
import { digestOfJson, httpCheckJob } from '../../../resources/index.ts';
import { durationMs } from '../../pass/duration.ts';

const TIMEOUT = '1m';
/** Before the tests of the chart, unless one of these says otherwise. */
const FIRST = -1_000_000_000;
const MAX_BEGINNING = 50;

/** What is checked of a new colour before the cut; none where no colour comes up, or there is no preview to check it through. */
export function colourChecks({ strategy }: Pick<ReleaseSpec, 'strategy'>): readonly ColourCheck[] {
  const isChecked = strategy?.type === 'BlueGreen' && strategy.preview !== undefined;
  return isChecked ? (strategy.checks ?? []) : [];
}

/** Shows whether the checks are still the same. */
export function checksDigest(spec: Pick<ReleaseSpec, 'strategy' | 'tests'>): string {
  return digestOfJson([colourChecks(spec), spec.tests?.filters ?? []]);
}

/** Whether the tests of the chart are among them. */
export function areTestsChecks(spec: Pick<ReleaseSpec, 'strategy'>): boolean {
  return colourChecks(spec).some(({ tests }) => tests === true);
}

/** Whether a hook is not one of the chart's, but a check of a colour: it belongs to no event. */
export function isColourCheck({ events }: { events: readonly HookEvent[] }): boolean {
  return events.length === 0;
}

/** A recorded version with the Jobs of its checks among its hooks; unchanged if it has none, as without a colour. */
export function withChecks(record: VersionRecord, checks: readonly ColourCheck[]): VersionRecord {
  const { preview } = record.content.strategy ?? {};
  const requests = checks.flatMap(({ http }) => http ?? []);
  if (record.colour === undefined || preview === undefined || requests.length === 0) return record;
  return { ...record, hooks: [...record.hooks, ...requests.map((http, index) => checkOf(preview, http, index))] };
}

function checkOf(preview: string, http: HttpCheck, index: number): HookObject {
  const name = `${preview.slice(0, MAX_BEGINNING).replace(/-+$/, '')}-check-${index + 1}`;
  const { path, port = 80, expectedStatus = 200, timeout = TIMEOUT, image } = http;
  const timeoutSeconds = Math.ceil(durationMs(timeout) / 1_000);
  const object = httpCheckJob({ name, url: `http://${preview}:${port}${path}`, expectedStatus, timeoutSeconds, image });
  const deletePolicies = ['before-hook-creation', 'hook-succeeded'];
  return { object, source: '', kind: object.kind, name, events: [], weight: FIRST + index, deletePolicies };
}
