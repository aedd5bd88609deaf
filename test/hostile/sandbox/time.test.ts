import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../../chart-renderer/index.ts';
import { chartOf, CONFIG_MAP, refusalOf, renderIn } from './charts.ts';
import { renderers, TELLS } from './processes.ts';

/** Starting a process alone takes long on a machine that others use. */
const PATIENCE_MS = 120_000;

let sandbox: Sandbox;
afterEach(() => sandbox.close());

/** A sandbox with a process, which is stopped at once: it gets no processor, as on a machine that is throttled. */
async function stoppedSandbox(timeoutMs: number): Promise<{ goOn: () => void }> {
  sandbox = createSandbox({ workers: 1, limits: { timeoutMs } });
  await sandbox.inspect(chartOf(CONFIG_MAP), 'ns');
  const ids = renderers().map(({ id }) => id);
  for (const id of ids) process.kill(id, 'SIGSTOP');
  return { goOn: () => ids.forEach((id) => process.kill(id, 'SIGCONT')) };
}

const onLinux = TELLS ? test : test.skip;

onLinux(
  'time in which a process does not get to work is not counted',
  async () => {
    const { goOn } = await stoppedSandbox(1500);
    const rendering = renderIn(sandbox, chartOf(CONFIG_MAP));
    await delay(3000);
    goOn();
    expect((await rendering).objects).toHaveLength(1);
  },
  PATIENCE_MS,
);

onLinux(
  'what waits without working ends too, and others go on',
  async () => {
    await stoppedSandbox(300);
    expect(await refusalOf(renderIn(sandbox, chartOf(CONFIG_MAP)))).toMatch(/^Limit: .*3000 ms \(limit timeoutMs\)$/);
    expect((await renderIn(sandbox, chartOf(CONFIG_MAP))).objects).toHaveLength(1);
  },
  PATIENCE_MS,
);

test(
  'all rounds that lookups need count together',
  async () => {
    sandbox = createSandbox({ workers: 1, limits: { timeoutMs: 1000, lookupRounds: 100 } });
    const busy = '{{ range until 40000 }}{{ sha256sum "x" | trunc 0 }}{{ end }}';
    const chain = `{{ $n := "a" }}{{ range until 60 }}{{ $n = (lookup "v1" "Pod" "ns" $n).next | default $n }}{{ end }}`;
    const chart = chartOf(`${CONFIG_MAP}${busy}${chain}`);
    const answer = (_version: string, _kind: string, _namespace: string, name: string) => ({ next: `${name}a` });
    expect(await refusalOf(renderIn(sandbox, chart, {}, answer))).toMatch(/limit timeoutMs\)$/);
  },
  PATIENCE_MS,
);
