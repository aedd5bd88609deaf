import { NOTIFY_ANNOTATION, OCCASIONS, type Occasion } from '../../crds/index.ts';
import type { KubeObject } from '../../resources/index.ts';

/** The shapes in which a notice can be sent. */
const FORMATS = ['CloudEvents', 'Slack', 'Teams'] as const;
/** One of `FORMATS`. */
type Format = (typeof FORMATS)[number];

/** Where notices are sent, and how. */
export interface Receiver {
  format: Format;
  url: URL;
  /** With each of them a CloudEvent is signed. */
  signingKeys: readonly Buffer[];
  /** The occasions that it is told of. */
  occasions: ReadonlySet<Occasion>;
  /** The authority of its certificate, in PEM, where that is not a public one. */
  ca: string | undefined;
}

/** Receivers of one service account; what is named beyond them is not read. */
const MAX_RECEIVERS = 5;
/** Nothing else can be the name of a Secret. */
const NAME = /^[a-z0-9][a-z0-9.-]*$/;
const MIN_KEY_BYTES = 16;
/** What is longer is not read, each time that something is sent: bytes in base64, enough for the certificates of some authorities. */
const MAX_LENGTH = 65_536;
/** One that is in use, and those that it replaces or that replace it. */
const MAX_KEYS = 3;

/** The Secrets that a service account names as receivers, at most five, each once. */
export function receiverNamesOf(account: KubeObject | undefined): string[] {
  const text = account?.metadata.annotations?.[NOTIFY_ANNOTATION] ?? '';
  return [...new Set(text.split(/[\s,]+/).filter((name) => NAME.test(name)))].slice(0, MAX_RECEIVERS);
}

/** The receiver that a Secret describes, or what is wrong with it, without quoting it. */
export function receiverIn(secret: KubeObject): Receiver | { fault: string } {
  const isLong = Object.values(dataOf(secret)).some((text) => text.length > MAX_LENGTH);
  if (isLong) return { fault: `one of its entries has more than ${(MAX_LENGTH * 0.75) / 1024} KiB` };
  return receiverOf(textsOf(secret));
}

function receiverOf(text: (key: string) => string | undefined): Receiver | { fault: string } {
  const format = FORMATS.find((each) => each === (text('format') ?? 'CloudEvents'));
  const url = urlIn(text('url') ?? '');
  const signingKeys = (text('signingKey') ?? '').split(/\s+/).flatMap(keyIn);
  const occasions = wordsIn(text('occasions') ?? OCCASIONS.join());
  const faults: [boolean, string][] = [
    [format === undefined, `its format is not one of ${FORMATS.join(', ')}`],
    [url === undefined, 'its url is not an https:// address without a user'],
    [
      format === 'CloudEvents' && signingKeys.length === 0,
      `its signingKey is not base64 of at least ${MIN_KEY_BYTES} bytes`,
    ],
    [signingKeys.length > MAX_KEYS, `it has more than ${MAX_KEYS} signing keys`],
    [!occasions.every(isOccasion), `its occasions are not all among ${OCCASIONS.join(', ')}`],
  ];
  const fault = faults.find(([isAtFault]) => isAtFault);
  if (fault || !format || !url) return { fault: fault?.[1] ?? 'it cannot be used' };
  return { format, url, signingKeys, occasions: new Set(occasions.filter(isOccasion)), ca: text('ca.crt') };
}

function dataOf({ data = {} }: KubeObject & { data?: Record<string, string> }): Record<string, string> {
  return data;
}

function textsOf(secret: KubeObject): (key: string) => string | undefined {
  const data = dataOf(secret);
  return (key) => {
    const text = Object.hasOwn(data, key)
      ? Buffer.from(data[key] ?? '', 'base64')
          .toString('utf8')
          .trim()
      : '';
    return text === '' ? undefined : text;
  };
}

/** Whether HTTP may be spoken without TLS is decided where it is sent. */
function urlIn(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url : undefined;
}

/** As in Standard Webhooks: base64, with `whsec_` before it or not. */
function keyIn(text: string): Buffer[] {
  const digits = text.replace(/^whsec_/, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(digits)) return [];
  const key = Buffer.from(digits, 'base64');
  return key.length < MIN_KEY_BYTES ? [] : [key];
}

function wordsIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

function isOccasion(word: string): word is Occasion {
  return OCCASIONS.some((occasion) => occasion === word);
}
