/** One block of a PEM text. */
export interface PemBlock {
  readonly type: string;
  readonly bytes: Buffer;
}

const BLOCK = /-----BEGIN ([^\n-]+)-----\r?\n([^-]*)-----END \1-----/;

/** The first block of a text, or undefined where there is none. */
export function decodePem(text: string): PemBlock | undefined {
  const match = BLOCK.exec(text);
  const body = match?.[2]?.replace(/\s/g, '') ?? '';
  return match === null ? undefined : { type: match[1] ?? '', bytes: Buffer.from(body, 'base64') };
}

/** The block as Go's pem.Encode writes it. */
export function encodePem({ type, bytes }: PemBlock): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${type}-----`, ...lines, `-----END ${type}-----`, ''].join('\n');
}
