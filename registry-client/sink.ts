/** Where a download goes, piece by piece. */
export interface Sink {
  write(piece: Uint8Array): Promise<void>;
  /** Forgets what was written: the download starts over. */
  restart(): Promise<void>;
}

/** Verified bytes of a chart, in memory or in a file of the cache. */
export interface Content {
  readonly size: number;
  /**
   * The bytes in pieces, each to be used before the next is asked for; from the beginning each time. Throws `RegistryError`, at the end
   * too: before it nothing counts.
   */
  read: () => AsyncIterable<Uint8Array>;
  /** All of them in one buffer. Throws `RegistryError`. */
  bytes: () => Promise<Buffer>;
}

/** A sink that keeps what it gets in memory. */
export interface MemorySink extends Sink {
  content(): Content;
}

/** Makes a sink in memory; give the `size` where it is known, so that no byte is held twice. */
export function memorySink(size?: number): MemorySink {
  const whole = size === undefined ? undefined : Buffer.alloc(size);
  let parts: Uint8Array[] = [];
  let length = 0;
  return {
    write: async (piece) => {
      if (whole === undefined) parts.push(piece);
      else whole.set(piece, length);
      length += piece.length;
    },
    restart: async () => {
      parts = [];
      length = 0;
    },
    content: () => contentOf(whole ?? Buffer.concat(parts)),
  };
}

/** A sink for content of which only the digest is wanted. */
export const DISCARDING_SINK: Sink = { write: async () => undefined, restart: async () => undefined };

function contentOf(bytes: Buffer): Content {
  return {
    size: bytes.length,
    read: async function* () {
      yield bytes;
    },
    bytes: async () => bytes,
  };
}
