import { describe, expect, test } from '@jest/globals';

import { startedSources } from '../../../../../cli/release/pods/log-lines.ts';
import { linesAfter, secondOf, type Position } from '../../../../../cli/release/pods/read-on.ts';
import { wholeLines } from '../../../../../cli/release/pods/whole-lines.ts';

async function linesOf(pieces: readonly string[]): Promise<string[]> {
  async function* coming(): AsyncGenerator<string, void> {
    yield* pieces;
  }
  const lines: string[] = [];
  for await (const { text } of wholeLines(coming())) lines.push(text);
  return lines;
}

describe('the lines of a log that arrives in pieces', () => {
  test.each([
    ['ends in the next piece', ['a', 'b\nc', '\n'], ['ab', 'c']],
    ['is empty', ['\n\na\n'], ['', '', 'a']],
    ['never ends', ['a\nb'], ['a', 'b']],
    ['does not exist', [], []],
  ])('are whole where one %s', async (_, pieces, lines) => {
    expect(await linesOf(pieces)).toEqual(lines);
  });

  test('are returned in parts where one is endless', async () => {
    const lines = await linesOf(Array.from({ length: 20 }, () => 'x'.repeat(10_000)));
    expect(lines.map(({ length }) => length)).toEqual([70_000, 70_000, 60_000]);
  });
});

describe('a log that is followed', () => {
  const LOG = [
    '2026-01-01T00:00:01.5Z one\n',
    '2026-01-01T00:00:01.500000001Z two\n',
    '2026-01-01T00:00:01.500000001Z two again\n',
    '2026-01-01T00:00:02Z 2026-01-01T00:00:09Z three\n',
    '2026-01-01T00:00:02Z \n',
  ];
  const readFrom = async (log: readonly string[], before?: Position) => {
    async function* coming(): AsyncGenerator<string, void> {
      yield* log;
    }
    const texts: string[] = [];
    let last = before;
    for await (const { text, position } of linesAfter(coming(), before)) {
      texts.push(text);
      last = position ?? last;
    }
    return { texts, last };
  };
  const ALL = ['one', 'two', 'two again', '2026-01-01T00:00:09Z three', ''];

  test('is read without its timestamps', async () => {
    expect((await readFrom(LOG)).texts).toEqual(ALL);
  });

  test.each(LOG.map((_, index) => index))(
    'is complete, and repeats nothing, where it broke off before line %i',
    async (cut) => {
      const { texts, last } = await readFrom(LOG.slice(0, cut));
      const after = await readFrom(LOG, last);
      expect([...texts, ...after.texts]).toEqual(ALL);
      expect((await readFrom(LOG, after.last)).texts).toEqual([]);
    },
  );

  test('resumes at the second of the last line', () => {
    expect(secondOf({ time: '2026-01-01T02:00:01.999999999+02:00', lines: 1 })).toBe('2026-01-01T00:00:01Z');
  });

  test('has every part of an overlong line', async () => {
    const { texts } = await readFrom(['2026-01-01T00:00:01Z ', 'x'.repeat(70_000), 'y\n', '2026-01-01T00:00:02Z z\n']);
    expect(texts.map((text) => text.replace(/x+/, 'x'))).toEqual(['x', 'y', 'z']);
  });
});

describe('a line that is too long for one part', () => {
  async function* coming(...pieces: readonly string[]): AsyncGenerator<string, void> {
    yield* pieces;
  }
  const positionsIn = async (...pieces: readonly string[]): Promise<(string | undefined)[]> => {
    const found: (string | undefined)[] = [];
    for await (const { position } of linesAfter(coming(...pieces), undefined)) found.push(position?.time);
    return found;
  };
  const LATER = '9998-01-01T00:00:00Z ';

  test('is read to its end only with its last part, whatever looks like a time in it', async () => {
    const begun = `2026-01-01T00:00:01Z ${LATER.repeat(4_000)}`;
    expect(await positionsIn(begun, `${LATER}end\n`)).toEqual([undefined, '2026-01-01T00:00:01Z']);
  });

  test('is read again where the log breaks off in it', async () => {
    expect(await positionsIn('2026-01-01T00:00:01Z one\n2026-01-01T00:00:02Z tw')).toEqual([
      '2026-01-01T00:00:01Z',
      undefined,
    ]);
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

  test('change with a restart', () => {
    expect(idsOf(pod(1, { waiting: {} }, { terminated: {} }))).toEqual(['u/init/0', 'u/web/1']);
    expect(idsOf(pod(1, { running: {} }))).toEqual(['u/init/0', 'u/web/1']);
  });
});
