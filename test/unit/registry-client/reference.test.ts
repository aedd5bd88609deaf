import { describe, expect, test } from '@jest/globals';

import { RegistryError, formatReference, parseChartReference } from '../../../registry-client/index.ts';
import type { ChartReference } from '../../../registry-client/index.ts';

const DIGEST = `sha256:${'a'.repeat(64)}` as const;

describe('references', () => {
  test.each<[string, ChartReference, string]>([
    [
      'oci://example.com/space/web',
      { registry: 'oci://example.com/space', name: 'web' },
      'oci://example.com/space/web',
    ],
    [
      'oci://localhost:5000/web:1.2.3_b',
      { registry: 'oci://localhost:5000', name: 'web', version: '1.2.3+b' },
      'oci://localhost:5000/web:1.2.3+b',
    ],
    [
      `oci://[::1]:5000/a/b/web:1.0.0@${DIGEST}`,
      { registry: 'oci://[::1]:5000/a/b', name: 'web', version: '1.0.0', digest: DIGEST },
      `oci://[::1]:5000/a/b/web:1.0.0@${DIGEST}`,
    ],
    [`oci://h/web@${DIGEST}`, { registry: 'oci://h', name: 'web', digest: DIGEST }, `oci://h/web@${DIGEST}`],
  ])('%s', (text, reference, formatted) => {
    expect(parseChartReference(text)).toEqual(reference);
    expect(formatReference(reference)).toBe(formatted);
  });

  test('a classic repository takes the name and the version separately', () => {
    const chart = { name: 'web', version: '^1' };
    const reference = { registry: 'https://example.com/charts', ...chart };
    expect(parseChartReference('https://example.com/charts/', chart)).toEqual(reference);
    expect(formatReference(reference)).toBe('https://example.com/charts web ^1');
  });

  test.each([
    '',
    'web',
    'oci://',
    'oci://h',
    'oci://h/',
    'oci://h/UPPER',
    'oci://h/a//b',
    'oci://h/../b',
    'oci://h/.',
    'oci://h/a:',
    'oci://h/a:b:c',
    'oci://h/a:^1',
    'oci://h/a@sha256:abc',
    `oci://h/a@${DIGEST}@${DIGEST}`,
    'oci://h/a?b',
    'oci://h/a b',
    'file:///etc/passwd',
    'ftp://h/a',
    'https://h',
    'oci://h/a‮b',
    `oci://h/${'a'.repeat(300)}`,
    'oci:h/a',
    'oci://user:hunter2@h/a:1',
    'https://user:hunter2@h/a',
  ])('%p is refused, without repeating a password', (text) => {
    const read = (): ChartReference => parseChartReference(text);
    expect(read).toThrow(RegistryError);
    expect(read).toThrow(expect.objectContaining({ code: 'InvalidReference' }));
    expect(read).not.toThrow('hunter2');
  });
});
