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
const noRest = (): number => 0;

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
  while (!log.includes('a2')) await new Promise((done) => setTimeout(done, 1));
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
