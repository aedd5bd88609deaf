import { randomBytes } from 'node:crypto';

const VALID_MS = 60_000;

/** Codes that let their holder in once, within a minute: whoever reads the terminal, and not everybody on the machine. */
export class OneTimeCodes {
  #valid: { code: string; until: number } | undefined;

  /** A new code; the one before is worth nothing any more. */
  issue(nowMs: number): string {
    const code = randomBytes(24).toString('base64url');
    this.#valid = { code, until: nowMs + VALID_MS };
    return code;
  }

  /** Whether it is the code that was issued last, not used yet and not too old; it is used by that. */
  redeem(code: string, nowMs: number): boolean {
    const valid = this.#valid;
    if (valid === undefined || valid.code !== code) return false;
    this.#valid = undefined;
    return nowMs < valid.until;
  }
}
