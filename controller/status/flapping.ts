import type { Release } from '../../crds/index.ts';
import type { StatusServices } from './services.ts';

/** Records an event that a health is flapping, if by now it is; returns whether it did. */
export function recordFlapping(
  { events, rateLimiter }: Pick<StatusServices, 'events' | 'rateLimiter'>,
  key: string,
  object: Release,
): boolean {
  if (rateLimiter.flappingMs(key) === undefined) return false;
  const message = `its health comes and goes, and is reported less often from now on; ${object.status?.message ?? 'Green for now'}`;
  events.record({ object, type: 'Warning', reason: 'Flapping', message });
  return true;
}
