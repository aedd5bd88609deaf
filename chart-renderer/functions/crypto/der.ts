/** Tags of ASN.1 values, constructed bit included. */
export const DER_TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectId: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A value in DER: tag, length and content. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag), derLength(content.length), content]);
}

function derLength(length: number): Buffer {
  if (length < 128) return Buffer.of(length);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes]);
}

export function derSequence(...items: readonly Uint8Array[]): Buffer {
  return der(DER_TAG.sequence, ...items);
}

/** A non-negative integer, from its bytes in big-endian order. */
export function derInteger(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const trimmed = bytes.subarray(start);
  const needsSign = (trimmed[0] ?? 0) >= 0x80 || trimmed.length === 0;
  return der(DER_TAG.integer, needsSign ? Buffer.of(0) : Buffer.alloc(0), trimmed);
}

/** An object identifier such as `2.5.29.15`. */
export function derObjectId(id: string): Buffer {
  const [first = 0, second = 0, ...rest] = id.split('.').map(Number);
  return der(DER_TAG.objectId, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = Math.trunc(value / 128); left > 0; left = Math.trunc(left / 128))
    digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

/** A string of bits whose last byte has that many unused ones. */
export function derBitString(bytes: Uint8Array, unused = 0): Buffer {
  return der(DER_TAG.bitString, Buffer.of(unused), bytes);
}

/** A value that was read: its tag, its content and all its bytes. */
export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

/** The values that follow each other; throws where the bytes are not DER. */
export function readDer(bytes: Buffer): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length;) {
    const short = bytes[at + 1] ?? 0;
    const lengthBytes = short < 128 ? 0 : short & 0x7f;
    if (lengthBytes > 4) throw new Error('asn1: length too large');
    const start = at + 2 + lengthBytes;
    const length = lengthBytes === 0 ? short : bytes.readUIntBE(at + 2, lengthBytes);
    if (start + length > bytes.length) throw new Error('asn1: syntax error: data truncated');
    values.push({
      tag: bytes[at] ?? 0,
      content: bytes.subarray(start, start + length),
      whole: bytes.subarray(at, start + length),
    });
    at = start + length;
  }
  return values;
}
