import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { BegunSignIn, FailedSignIn, OidcSession } from './oidc/session.ts';

/** What a session knows of its viewer. */
export type Session =
  | { readonly kind: 'kubeconfig'; readonly until: number }
  | { readonly kind: 'token'; readonly token: string; readonly user: string; readonly until: number }
  | OidcSession;

/** What a browser keeps for the server, which alone can read it. */
export type Kept = Session | BegunSignIn | FailedSignIn;

const FORMAT = 'coxswain-dashboard-session-2';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals sessions, and what comes before them, into texts that only holders of the same key can read or make, by AES-256-GCM; the server keeps none. */
export class Seal {
  readonly #sealing: Buffer;
  readonly #signing: Buffer;
  readonly #bound: Buffer;

  /** `secret`: at least 32 bytes; servers that share sessions share it. `configuration`: how people sign in; what was sealed under another is not opened. */
  constructor(secret: Uint8Array = randomBytes(32), configuration = '') {
    if (secret.length < 32) throw new Error('the session key must have at least 32 bytes');
    this.#sealing = Buffer.from(hkdfSync('sha256', secret, '', 'session', 32));
    this.#signing = Buffer.from(hkdfSync('sha256', secret, '', 'csrf', 32));
    this.#bound = Buffer.from(FORMAT + configuration);
  }

  /** The text of a session, or of what comes before one. */
  seal(kept: Kept): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#sealing, iv).setAAD(this.#bound);
    const sealed = [cipher.update(JSON.stringify(kept), 'utf8'), cipher.final()];
    return Buffer.concat([iv, cipher.getAuthTag(), ...sealed]).toString('base64url');
  }

  /** What is in a text; undefined for one that was not sealed with this key and configuration, or is over. */
  open(text: string, nowMs: number): Kept | undefined {
    const bytes = Buffer.from(text, 'base64url');
    const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
    if (tag.length < TAG_BYTES) return undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#sealing, iv).setAAD(this.#bound).setAuthTag(tag);
      const plain = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
      const kept = JSON.parse(plain.toString('utf8')) as Kept;
      return kept.until > nowMs ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  /** What a page that can read answers sends with each action of a session, and a page of another site cannot know. */
  csrfOf(session: string): string {
    return createHmac('sha256', this.#signing).update(session).digest('base64url');
  }
}

/** Whether that was sent; in the same time for every wrong one. */
export function isCsrf(csrf: string, given: unknown): boolean {
  if (typeof given !== 'string') return false;
  const [wanted, sent] = [Buffer.from(csrf), Buffer.from(given)];
  return wanted.length === sent.length && timingSafeEqual(wanted, sent);
}
