import { expect, test } from '@jest/globals';
import { healthOf } from '../../../../resources/index.ts';
import type { HealthColour } from '../../../../resources/index.ts';
import { object } from '../objects.ts';
import { condition } from './health.ts';

/** A status of an object, what is to be seen there, the colour that it means and, where that counts, words of the message. */
export type StatusRow = [
  kind: string,
  what: string,
  status: Record<string, unknown>,
  colour: HealthColour,
  words?: string,
];

/** When `failed` conditions became so: an hour before the statuses are judged. */
export const LONG_AGO = '2026-01-01T00:00:00Z';

/** A condition that has been so for long. */
export const failed = (...texts: Parameters<typeof condition>): Record<string, unknown> => ({
  ...condition(...texts),
  lastTransitionTime: LONG_AGO,
});

/** A status of conditions. */
export const conditions = (...list: Record<string, unknown>[]): Record<string, unknown> => ({ conditions: list });

/** A test for each status, of an object that wants three of what it counts and was changed once. */
export function testStatuses(rows: readonly StatusRow[]): void {
  test.each(rows.map((row) => [row[0], row[1], row] as const))('%s, %s', (_kind, _what, row) => {
    const [versionAndKind, , status, colour, words = ''] = row;
    const [apiVersion = '', kind = ''] = versionAndKind.split(' ');
    const bare = object(`${kind}/x`, { spec: { instances: 3, replicas: 3 }, status });
    const live = { ...bare, apiVersion, metadata: { ...bare.metadata, generation: 2 } };
    const health = healthOf(live, { pods: [], hasStatus: true, now: Date.parse(LONG_AGO) + 3_600_000 });
    expect(health.health).toBe(colour);
    expect(health.message ?? '').toContain(words);
  });
}
