import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { runAtOnce } from '../../../../kube/http/exchanges.ts';
import { watchEvents } from '../../../../kube/http/watch.ts';

const attempt = { verb: 'watch', resource: 'configmaps' };

async function* chunked(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

async function read(text: string, cuts: readonly number[] = []): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const event of watchEvents(chunked(Buffer.from(text), cuts), attempt, runAtOnce)) events.push(event);
  return events;
}

const event = (name: string): object => ({ type: 'ADDED', object: { metadata: { name } } });

describe('watchEvents', () => {
  test('reads the same events however the stream is split', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' })), fc.array(fc.nat()), async (names, cuts) => {
        const events = names.map((name) => event(name.toWellFormed()));
        const text = events.map((one) => `${JSON.stringify(one)}\n`).join('');
        expect(await read(text, cuts)).toEqual(events);
      }),
    );
  });

  test('reads on after an object nested too deeply to walk through', async () => {
    const deep = `${'{"a":'.repeat(9_000)}1234567890123456789${'}'.repeat(9_000)}`;
    const line = JSON.stringify({ type: 'ADDED', object: { metadata: { name: 'deep' }, spec: {} } });
    const text = `${line.replace('"spec":{}', `"spec":${deep}`)}\n${JSON.stringify(event('b'))}\n`;
    expect(await read(text)).toMatchObject([event('deep'), event('b')]);
  });

  test('drops a last line that was cut off', async () => {
    expect(await read(`${JSON.stringify(event('a'))}\n{"type":"ADDED","obj`)).toEqual([event('a')]);
  });

  test.each([
    ['{"type":', 'BadRequest'],
    ['null', 'BadRequest'],
    ['{}', 'BadRequest'],
    ['{"type":"ADDED","object":{}}', 'BadRequest'],
    ['{"type":"ADDED","object":{"metadata":null}}', 'BadRequest'],
    ['{"type":"ERROR","object":{"code":410,"reason":"Expired"}}', 'Gone'],
    ['{"type":"ERROR","object":{"code":500}}', 'Unavailable'],
    ['{"type":"ERROR"}', 'Unknown'],
  ])('throws for the line %s: %s', async (line, code) => {
    await expect(read(`${line}\n`)).rejects.toMatchObject({ code });
  });

  test('never quotes a line in an error', async () => {
    await expect(read('{"type":"ADDED","object":hunter2}\n')).rejects.toMatchObject({
      message: expect.not.stringContaining('hunter2'),
      cause: undefined,
    });
  });
});
