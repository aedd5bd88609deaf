import { ChartError } from '../errors.ts';
import type { LoadLimits } from './limits.ts';

const BLOCK_BYTES = 512;

/** Counts what loading one chart has cost so far, over all archives nested in it. */
export class LoadBudget {
  readonly limits: LoadLimits;
  #bytesLeft: number;
  #entriesLeft: number;
  #streamBytesLeft: number;

  constructor(limits: LoadLimits) {
    this.limits = limits;
    this.#bytesLeft = limits.chartBytes;
    this.#entriesLeft = limits.entries;
    // What an archive adds to its files: for each entry its header, padding and extended headers.
    this.#streamBytesLeft = limits.chartBytes + limits.entries * BLOCK_BYTES * 4;
  }

  /** Takes one entry of an archive or directory, before its content is read. */
  takeEntry(): void {
    this.#entriesLeft -= 1;
    if (this.#entriesLeft < 0) throw this.#crossed('entries', `chart has more than ${this.limits.entries} files`);
  }

  /** Takes the announced size of a file, before its content is read. */
  takeFile(bytes: number): void {
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft <= 0) throw this.#tooLarge();
  }

  /** Takes bytes that a decompressor gave, whatever they are. */
  takeStream(bytes: number): void {
    this.#streamBytesLeft -= bytes;
    if (this.#streamBytesLeft < 0) throw this.#tooLarge();
  }

  /** Checks how deep a chart in `charts/` is nested. */
  checkDepth(depth: number): void {
    if (depth > this.limits.depth) {
      throw this.#crossed('depth', `charts are nested deeper than ${this.limits.depth} levels`);
    }
  }

  #tooLarge(): ChartError {
    const { chartBytes } = this.limits;
    return this.#crossed('chartBytes', `decompressed chart is larger than the maximum size ${chartBytes}`);
  }

  #crossed(name: keyof LoadLimits, message: string): ChartError {
    return new ChartError('Limit', message, { limit: { name, value: this.limits[name] } });
  }
}
