import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';

/** How long both texts may be: longer ones would take much memory at once. */
export const MAX_TEXT_BYTES = 16 * 1024 * 1024;
/** The compressor must be able to look back over both texts. */
const WINDOW_LOG = { min: 17, max: 26 };
/** The compressor remembers a position for every eighth byte that it looks back over, with no more memory than both texts take. */
const BYTES_PER_POSITION_LOG = 3;
/** A level chooses what the other parameters leave open. */
const LEVEL = 3;

/**
 * A text, compressed by what it has in common with another one: where they are nearly equal, it takes nearly nothing. Undefined where one
 * of them is longer than 16 MiB.
 */
export async function differenceFrom(base: Buffer, text: Buffer): Promise<Buffer | undefined> {
  if (base.length > MAX_TEXT_BYTES || text.length > MAX_TEXT_BYTES) return undefined;
  const log = Math.ceil(Math.log2(base.length + text.length + 1));
  const windowLog = Math.min(Math.max(log, WINDOW_LOG.min), WINDOW_LOG.max);
  const params = {
    [constants.ZSTD_c_windowLog]: windowLog,
    [constants.ZSTD_c_hashLog]: windowLog - BYTES_PER_POSITION_LOG,
    [constants.ZSTD_c_strategy]: constants.ZSTD_fast,
    [constants.ZSTD_c_compressionLevel]: LEVEL,
  };
  return promisify(zstdCompress)(text, { dictionary: base, params });
}

/** The text of a difference from `base`. Throws where the difference cannot be read, or the text is too long. */
export async function textFrom(base: Buffer, difference: Buffer): Promise<Buffer> {
  return promisify(zstdDecompress)(difference, { dictionary: base, maxOutputLength: MAX_TEXT_BYTES });
}
