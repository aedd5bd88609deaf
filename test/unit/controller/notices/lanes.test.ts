import { expect, test } from '@jest/globals';
import { Lanes } from '../../../../controller/notices/lanes.ts';

/** Work that ends when it is told to; `log` has what began. */
function workshop(log: string[]) {
  const ends = new Map<string, () => void>();
  return {
    work: (name: string) => async () => {
      log.push(name);
      await new Promise<void>((end) => ends.set(name, end));
      return name;
    },
    end: (name: string) => ends.get(name)?.(),
  };
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
};
/** Waits until so much has begun, and for what might begin after it. */
const begun = async (log: readonly string[], count: number): Promise<void> => {
  while (log.length < count) await new Promise((done) => setTimeout(done, 1));
  await settled();
};
const noRest = () => ({ restMs: 0, isSlow: false });

test('a lane does one thing at a time, and does not hold up another lane', async () => {
  const [log, lanes] = [[] as string[], new Lanes(10)];
  const { work, end } = workshop(log);
  const first = lanes.in('a', work('a1'), noRest);
  const second = lanes.in('a', work('a2'), noRest);
  const other = lanes.in('b', work('b1'), noRest);
  await settled();
  expect(log).toEqual(['a1', 'b1']);
  end('a1');
  expect(await first).toBe('a1');
  await begun(log, 3);
  end('a2');
  end('b1');
  expect(await Promise.all([second, other])).toEqual(['a2', 'b1']);
});

test('all lanes together do no more than so many things at a time, in order of arrival', async () => {
  const [log, lanes] = [[] as string[], new Lanes(2)];
  const { work, end } = workshop(log);
  const names = ['a', 'b', 'c', 'd'];
  const all = names.map(async (name) => lanes.in(name, work(name), noRest));
  await settled();
  expect(log).toEqual(['a', 'b']);
  end('b');
  await settled();
  expect(log).toEqual(['a', 'b', 'c']);
  end('a');
  await settled();
  expect(log).toEqual(names);
  for (const name of names) end(name);
  expect(await Promise.all(all)).toEqual(names);
});

test('slow lanes have half of the places, and a lane that is not slow waits for none of them', async () => {
  const [log, lanes] = [[] as string[], new Lanes(4)];
  const { work, end } = workshop(log);
  const slow = ['s1', 's2', 's3', 's4'];
  const isSlow = () => ({ restMs: 0, isSlow: true });
  await Promise.all(slow.map(async (name) => lanes.in(name, async () => name, isSlow)));
  const again = slow.map(async (name) => lanes.in(name, work(name), isSlow));
  await begun(log, 2);
  expect(log).toEqual(['s1', 's2']);
  const quick = ['q1', 'q2'].map(async (name) => lanes.in(name, work(name), noRest));
  await settled();
  expect(log).toEqual(['s1', 's2', 'q1', 'q2']);
  for (const name of log) end(name);
  await settled();
  expect(log).toEqual(['s1', 's2', 'q1', 'q2', 's3', 's4']);
  for (const name of ['s3', 's4']) end(name);
  expect(await Promise.all([...again, ...quick])).toEqual([...slow, 'q1', 'q2']);
});

test('a lane is slow no longer once something was done in it at once', async () => {
  const [log, lanes] = [[] as string[], new Lanes(2)];
  const { work, end } = workshop(log);
  const states = [true, false];
  for (const isSlow of states) {
    await Promise.all(
      ['a', 'b'].map(async (name) =>
        lanes.in(
          name,
          async () => name,
          () => ({ restMs: 0, isSlow }),
        ),
      ),
    );
  }
  const both = ['a', 'b'].map(async (name) => lanes.in(name, work(name), noRest));
  await begun(log, 2);
  expect(log).toEqual(['a', 'b']);
  for (const name of log) end(name);
  await Promise.all(both);
});

test('how long work took is told without its wait for a place', async () => {
  const [log, tookMs] = [[] as string[], [] as number[]];
  let now = 0;
  const lanes = new Lanes(1, () => now);
  const { work, end } = workshop(log);
  const told = (_: string, ms: number) => {
    tookMs.push(ms);
    return noRest();
  };
  const both = ['a', 'b'].map(async (name) => lanes.in(name, work(name), told));
  await begun(log, 1);
  now = 9_000;
  end('a');
  await begun(log, 2);
  now = 9_010;
  end('b');
  await Promise.all(both);
  await settled();
  expect(tookMs).toEqual([9_000, 10]);
});
