import { getHeapStatistics } from 'node:v8';
import type { Chart } from '../chart/chart.ts';

const MAX_CHARTS = 32;
const MAX_BYTES = 32 * 1024 * 1024;

/** Loaded charts by `keyOfChart`; the least recently used one goes when there are too many, and all when the heap is half full. */
export class ChartCache {
  readonly #charts = new Map<string, Chart>();
  #bytes = 0;

  get(key: string): Chart | undefined {
    const { used_heap_size: used, heap_size_limit: max } = getHeapStatistics();
    if (used > max / 2) this.#clear();
    const chart = this.#charts.get(key);
    if (chart === undefined) return undefined;
    this.#charts.delete(key);
    this.#charts.set(key, chart);
    return chart;
  }

  /** Keeps a chart that is not kept yet; one is kept however large it is. */
  keep(key: string, chart: Chart): void {
    this.#charts.set(key, chart);
    this.#bytes += bytesOf(chart);
    for (const [oldest, other] of this.#charts) {
      const isEnough = this.#charts.size <= MAX_CHARTS && this.#bytes <= MAX_BYTES;
      if (isEnough || this.#charts.size === 1) return;
      this.#charts.delete(oldest);
      this.#bytes -= bytesOf(other);
    }
  }

  #clear(): void {
    this.#charts.clear();
    this.#bytes = 0;
  }
}

function bytesOf({ templates, files, dependencies }: Chart): number {
  const own = [...templates, ...files].reduce((sum, { data }) => sum + data.length, 0);
  return dependencies.reduce((sum, dependency) => sum + bytesOf(dependency), own);
}
