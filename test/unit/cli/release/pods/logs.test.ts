import { describe, expect, test } from '@jest/globals';

import { startedSources } from '../../../../../cli/release/pods/log-lines.ts';
import { wholeLines } from '../../../../../cli/release/pods/whole-lines.ts';

async function linesOf(pieces: readonly string[]): Promise<string[]> {
  async function* coming(): AsyncGenerator<string, void> {
    yield* pieces;
  }
  const lines: string[] = [];
  for await (const line of wholeLines(coming())) lines.push(line);
  return lines;
}

describe('the lines of a log that comes in pieces', () => {
  test.each([
    ['ends in the next piece', ['a', 'b\nc', '\n'], ['ab', 'c']],
    ['is empty', ['\n\na\n'], ['', '', 'a']],
    ['never ends', ['a\nb'], ['a', 'b']],
    ['is not there', [], []],
  ])('are whole where one %s', async (_, pieces, lines) => {
    expect(await linesOf(pieces)).toEqual(lines);
  });

  test('are given in parts where one is endless', async () => {
    const lines = await linesOf(Array.from({ length: 20 }, () => 'x'.repeat(10_000)));
    expect(lines.map(({ length }) => length)).toEqual([70_000, 70_000, 60_000]);
  });
});

describe('the containers that can be followed', () => {
  const pod = (restartCount: number, state: object, lastState: object = {}): object => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', uid: 'u' },
    status: {
      initContainerStatuses: [{ name: 'init', state: { terminated: {} } }],
      containerStatuses: [{ name: 'web', restartCount, state, lastState }],
    },
  });
  const idsOf = (...pods: readonly object[]): string[] =>
    startedSources(pods as Parameters<typeof startedSources>[0]).map(({ id }) => id);

  test('are those that have started', () => {
    expect(idsOf(pod(0, { waiting: {} }))).toEqual(['u/init/0']);
    expect(idsOf(pod(0, { running: {} }))).toEqual(['u/init/0', 'u/web/0']);
    expect(idsOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'new' } })).toEqual([]);
  });

  test('are others after a restart', () => {
    expect(idsOf(pod(1, { waiting: {} }, { terminated: {} }))).toEqual(['u/init/0', 'u/web/1']);
    expect(idsOf(pod(1, { running: {} }))).toEqual(['u/init/0', 'u/web/1']);
  });
});
