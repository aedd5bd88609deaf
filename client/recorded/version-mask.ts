import { maskInSteps, textsAndNumbersIn, textsToMask, type Mask } from '../../resources/index.ts';
import type { Json, JsonObject } from '../../chart-renderer/index.ts';
import { secretsAmong, SHORTEST, type Recorded } from './record.ts';

/** Masks what of a version came from Secrets. */
export interface VersionMask {
  /** Each of the secrets, as it came. */
  readonly secrets: ReadonlySet<string>;
  readonly mask: Mask;
}

/** How many texts are masked before others may run. */
const TEXTS_A_TURN = 256;

/** The mask of a version. Like everything done in steps, a generator: it yields now and then, so that its caller can let others run. */
export function* maskOf(recorded: Recorded): Generator<undefined, VersionMask> {
  const secrets = secretsAmong(recorded);
  const mask = yield* maskInSteps(textsToMask(secrets));
  let count = 0;
  return {
    secrets,
    mask: function* masked(text, anywhere) {
      count += 1;
      if (count % TEXTS_A_TURN === 0) yield;
      return yield* mask(text, anywhere);
    },
  };
}

/** A rendered text with `***` in place of each secret, within words too. */
export function* maskedText(text: string, { mask }: VersionMask): Generator<undefined, string> {
  return yield* mask(text, SHORTEST);
}

/** The values with `***` in place of each secret; one of less than 8 characters where it is a word of its own. */
export function* maskedValues(values: JsonObject, mask: VersionMask): Generator<undefined, JsonObject> {
  return (yield* maskedIn(values, mask)) as JsonObject;
}

/** What a template made, with `***` in place of each secret, within words too. */
export function* maskedRendered(value: unknown, mask: VersionMask): Generator<undefined, unknown> {
  return yield* maskedIn(value, mask, SHORTEST);
}

/** Whether a value contains a secret. */
export function* holdsSecret(value: Json | undefined, mask: VersionMask): Generator<undefined, boolean> {
  for (const text of textsAndNumbersIn(value)) if (yield* isMasked(text, mask)) return true;
  return false;
}

function* isMasked(text: string, { secrets, mask }: VersionMask): Generator<undefined, boolean> {
  return secrets.has(text) || (yield* mask(text)) !== text;
}

function* maskedIn(value: unknown, within: VersionMask, anywhere?: number): Generator<undefined, unknown> {
  if (typeof value === 'string') return within.secrets.has(value) ? '***' : yield* within.mask(value, anywhere);
  if (typeof value === 'number' || typeof value === 'bigint') {
    return (yield* isMasked(String(value), within)) ? '***' : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) entries.push([key, yield* maskedIn(item, within, anywhere)]);
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}
