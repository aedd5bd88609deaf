import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../../chart-renderer/index.ts';
import { chartOf, CONFIG_MAP, ENDLESS, FORTY, optionsOf, refusalOf } from './charts.ts';

/** Each hostile chart takes the time limit, since only that ends it; what others wait for is to take far less. */
const TIMEOUT_MS = 3000;
const PATIENCE_MS = 300_000;

const ordinary = chartOf(CONFIG_MAP);

let sandbox: Sandbox;
let ended: string[];

beforeEach(() => {
  sandbox = createSandbox({ workers: 2, limits: { timeoutMs: TIMEOUT_MS } });
  ended = [];
});

afterEach(() => sandbox.close());

/** Renders a hostile chart for a namespace, which is written down when it has ended. */
async function attack(namespace: string): Promise<string> {
  const refusal = await refusalOf(sandbox.render(ENDLESS, optionsOf(FORTY, namespace)));
  ended.push(namespace);
  return refusal;
}

async function visit(namespace: string): Promise<void> {
  expect((await sandbox.render(ordinary, optionsOf({}, namespace))).objects).toHaveLength(1);
  ended.push(namespace);
}

/** On a busy machine a hostile chart may be over before a process has started for the visitors, but never a second one. */
function expectServed(...visitors: string[]): void {
  expect(ended.slice(0, visitors.length + 1)).toEqual(expect.arrayContaining(visitors));
}

test(
  'a tenant that floods the sandbox with endless charts keeps no other from being served',
  async () => {
    const flood = Array.from({ length: 4 }, () => attack('hostile'));
    await Promise.all([visit('shop'), visit('blog')]);
    expectServed('shop', 'blog');
    for (const refusal of await Promise.all(flood)) expect(refusal).toMatch(/^Limit: .*limit timeoutMs\)/);
  },
  PATIENCE_MS,
);

test(
  'conspiring tenants, as many as there are workers, have others wait for the first part of the time limit only',
  async () => {
    const league = ['evil', 'vile'].map(attack);
    await Promise.all([visit('shop'), visit('blog')]);
    expect(ended.toSorted()).toEqual(['blog', 'shop']);
    for (const refusal of await Promise.all(league)) expect(refusal).toMatch(/^Limit: .*limit timeoutMs\)$/);
  },
  PATIENCE_MS,
);

test(
  'conspiring tenants, more than there are workers, can do so only once',
  async () => {
    const league = ['evil', 'vile', 'live'];
    await Promise.all(league.map(attack));
    const flood = league.map(attack);
    ended = [];
    await Promise.all([visit('shop'), visit('blog')]);
    expectServed('shop', 'blog');
    await Promise.all(flood);
    expect(ended.filter((namespace) => league.includes(namespace))).toEqual(league);
  },
  PATIENCE_MS,
);

test(
  'a chart that is begun again, since it turned out slow, has all of its time',
  async () => {
    const long = createSandbox({ workers: 1, limits: { timeoutMs: 20 * TIMEOUT_MS } });
    const heavy = (items: number) => optionsOf({ list: Array<number>(items).fill(1) });
    // The first one starts a process.
    let [items, tookMs] = [4, 0];
    await long.render(ENDLESS, heavy(items));
    for (; tookMs < TIMEOUT_MS / 2; items += 1) {
      const begunAt = performance.now();
      await long.render(ENDLESS, heavy(items));
      tookMs = performance.now() - begunAt;
    }
    long.close();
    const { objects } = await sandbox.render(ENDLESS, heavy(items - 1));
    expect(objects).toEqual([]);
  },
  PATIENCE_MS,
);
