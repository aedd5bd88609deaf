import { describe, expect, test } from '@jest/globals';
import { bytesOfText, textOfBytes } from '../../../../golang/strings/index.ts';
import { evaluate } from './evaluate.ts';

const HOST = { nowMs: () => Date.UTC(2030, 0, 2, 3, 4, 5) };

describe('what the host provides', () => {
  test.each([
    ['{{ now | date "2006-01-02 15:04:05" }}', '2030-01-02 03:04:05'],
    ['{{ date "2006" "no date" }}', '2030'],
    ['{{ ago (int64 1893553442) }}', '3s'],
    [
      '{{ now | date_modify "-1h" | htmlDate }} {{ now.Year }} {{ now.Weekday }} {{ now.Unix }}',
      '2030-01-02 2030 Wednesday 1893553445',
    ],
    ['{{ durationRound (now | dateModify "-50h") }}', '2d'],
    ['{{ now }} {{ toJson now }}', '2030-01-02 03:04:05 +0000 UTC "2030-01-02T03:04:05Z"'],
  ])('%s uses its clock', (template, output) => {
    expect(evaluate(template, HOST)).toBe(output);
  });

  test('lookup asks it with all four arguments and sees plain objects as maps', () => {
    const asked: string[][] = [];
    const lookup = (...args: string[]): unknown => {
      asked.push(args);
      return { metadata: { name: args[3] }, items: [1] };
    };
    const template =
      '{{ $o := lookup "v1" "Secret" "ns" "n" }}{{ $o.metadata.name }} {{ kindOf $o.items }} {{ index $o.items 0 }}';
    expect(evaluate(template, { lookup })).toBe('n slice 1');
    expect(asked).toEqual([['v1', 'Secret', 'ns', 'n']]);
  });

  test('a lookup that finds nothing is an empty map', () => {
    expect(evaluate('{{ lookup "v1" "Secret" "ns" "n" }}', { lookup: () => null })).toBe('map[]');
  });

  test('an error from lookup fails the template', () => {
    const lookup = (): never => {
      throw new Error('secrets is forbidden');
    };
    expect(evaluate('{{ lookup "v1" "Secret" "ns" "n" }}', { lookup })).toMatch(
      /error calling lookup: secrets is forbidden$/,
    );
  });

  test('host names are resolved by the host alone', () => {
    expect(evaluate('{{ getHostByName "localhost" }}')).toBe('');
    expect(evaluate('{{ getHostByName "localhost" }}', { resolveHost: () => '127.0.0.1' })).toBe('127.0.0.1');
  });
});

describe('binary data', () => {
  test('passes through text and back', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_unused, i) => i);
    expect(Uint8Array.from(bytesOfText(textOfBytes(bytes)))).toEqual(bytes);
  });

  test('survives functions on strings', () => {
    expect(evaluate('{{ "/4B/" | b64dec | b64enc }}')).toBe('/4B/');
  });
});
