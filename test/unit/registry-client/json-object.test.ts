import { expect, test } from '@jest/globals';
import { parseJsonObject } from '../../../registry-client/json-object.ts';

const parsed = (text: string): unknown => parseJsonObject(Buffer.from(text), 'InvalidManifest', 'the manifest');
const nested = (depth: number): string => `{"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

test('a hundred levels are read, and no more', () => {
  expect(parsed(nested(100))).toHaveProperty('x');
  const refused = { code: 'InvalidManifest', reason: 'the manifest is nested more than 100 deep' };
  expect(() => parsed(nested(101))).toThrow(expect.objectContaining(refused));
  expect(() => parsed(nested(250_000))).toThrow(expect.objectContaining(refused));
});

test('brackets in texts, and beside each other, are no levels', () => {
  const text = `${'['.repeat(200)}"\\${'{'.repeat(200)}`;
  expect(parsed(JSON.stringify({ text, [text]: 1 }))).toEqual({ text, [text]: 1 });
  const beside = Array.from({ length: 200 }, () => [{}]);
  expect(parsed(JSON.stringify({ beside }))).toEqual({ beside });
});
