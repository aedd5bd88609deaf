import { expect } from '@jest/globals';
import type { Health, HealthColour } from '../../../resources/index.ts';

/** Expects a colour, and words in the message where there must be one. */
export function expectHealth(health: Health, colour: HealthColour, ...words: string[]): void {
  expect(health.health).toBe(colour);
  for (const word of words) expect(health.message).toContain(word);
  if (colour === 'Green') expect(health).not.toHaveProperty('message');
}

/** A condition as Kubernetes writes it. */
export function condition(type: string, status: string, reason = '', message = ''): Record<string, string> {
  return { type, status, reason, message };
}
