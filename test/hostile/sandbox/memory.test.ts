import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { createSandbox, type PackagedChart } from '../../../chart-renderer/index.ts';
import { bombOf, rawEntry } from '../../support/charts/tar-blocks.ts';
import { chartOf, CONFIG_MAP, NAMED_LIMIT, packaged, refusalOf, renderIn } from './charts.ts';
import { renderers, TELLS } from './processes.ts';

const MEMORY_MB = 128;
/** What a process may take beside the heap, and what it may take in the 100 ms until that is noticed. */
const OVERHEAD_MB = 384;
const LATE_MB = 128;
/** What the caller's process may take for a hostile chart. */
const CALLER_MB = 64;

const MEMORY = /^Limit: .*\(limit memoryMb\)$/;

interface Cost {
  readonly refusal: string;
  readonly rendererMb: number;
  readonly callerMb: number;
}

/** Renders a chart in a sandbox of its own and measures what that takes at most. */
async function costOf(chart: PackagedChart): Promise<Cost> {
  const sandbox = createSandbox({ workers: 1, limits: { memoryMb: MEMORY_MB, timeoutMs: 40_000 } });
  await renderIn(sandbox, chartOf(CONFIG_MAP));
  const callerBefore = process.memoryUsage.rss();
  const peaks = { renderer: 0, caller: 0 };
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      peaks.caller = Math.max(peaks.caller, process.memoryUsage.rss() - callerBefore);
      peaks.renderer = Math.max(peaks.renderer, ...renderers().map(({ peakMb }) => peakMb));
      await setTimeout(10);
    }
  })();
  const refusal = await refusalOf(renderIn(sandbox, chart));
  isOver = true;
  await watching;
  expect((await renderIn(sandbox, chartOf(CONFIG_MAP))).objects).toHaveLength(1);
  sandbox.close();
  return { refusal, rendererMb: peaks.renderer, callerMb: peaks.caller / 1024 / 1024 };
}

const onLinux = TELLS ? describe : describe.skip;

onLinux('a chart takes no more memory than it may:', () => {
  test.each<readonly [what: string, chart: PackagedChart, refusal: RegExp]>([
    [
      'a map of many small pieces',
      chartOf('{{ $x := dict }}{{ range until 1000000 }}{{ $_ := set $x (toString .) (until 2000) }}{{ end }}'),
      MEMORY,
    ],
    // V8 ends the whole process where one piece is larger than the rest of the heap.
    [
      'a map of few large pieces',
      chartOf(
        '{{ $x := dict }}{{ range until 100 }}{{ $_ := set $x (toString .) (repeat 16000000 "é€" | upper) }}{{ end }}',
      ),
      MEMORY,
    ],
    ['much output', chartOf('{{ range until 1000 }}{{ repeat 100000 "x" }}{{ end }}'), NAMED_LIMIT],
    [
      'a bomb of 304 MiB',
      packaged(bombOf(304, rawEntry({ path: 'app/zeros', type: 'File', size: 304 * 1024 * 1024 }))),
      /^Limit: .*maximum size/,
    ],
  ])('%s', async (_what, chart, refusal) => {
    const cost = await costOf(chart);
    expect(cost.refusal).toMatch(refusal);
    expect(cost.rendererMb).toBeGreaterThan(50);
    expect(cost.rendererMb).toBeLessThan(MEMORY_MB + OVERHEAD_MB + LATE_MB);
    expect(cost.callerMb).toBeLessThan(CALLER_MB);
  });
});
