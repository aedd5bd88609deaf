import { describe, expect, test } from '@jest/globals';
import { allowedRegistries } from '../../../../controller/charts/allowed-registries.ts';
import { placeOf } from '../../../../registry-client/index.ts';

const allows = (patterns: string[], registry: string, name = 'web'): boolean =>
  allowedRegistries(patterns).allowsPlace(placeOf({ registry, name }));

describe('places', () => {
  test('everything is allowed by default', () => {
    expect(allows([], 'oci://registry.example.com/charts')).toBe(true);
    expect(allowedRegistries([]).allowsHost('anything', 1)).toBe(true);
  });

  test.each<[pattern: string, registry: string]>([
    ['registry.example.com', 'oci://registry.example.com/charts'],
    ['registry.example.com', 'oci://REGISTRY.example.com/charts'],
    ['registry.example.com', 'oci://registry.example.com:443/charts'],
    ['registry.example.com', 'https://registry.example.com/stable'],
    ['registry.example.com:5000', 'oci://registry.example.com:5000/charts'],
    ['*.example.com', 'oci://a.b.example.com/charts'],
    ['ghcr.io/acme', 'oci://ghcr.io/acme'],
    ['ghcr.io/acme', 'oci://ghcr.io/acme/charts'],
    ['ghcr.io/acme/', 'oci://ghcr.io/acme/charts'],
    ['ghcr.io/acme/web', 'oci://ghcr.io/acme'],
    ['charts.example.com/stable', 'https://charts.example.com/stable/'],
    ['[2001:db8::1]:5000', 'oci://[2001:db8::1]:5000/charts'],
  ])('%p allows %p', (pattern, registry) => expect(allows(['other.example', pattern], registry)).toBe(true));

  test.each<[pattern: string, registry: string]>([
    ['registry.example.com', 'oci://registry.example.com:5000/charts'],
    ['registry.example.com', 'oci://registry.example.com.evil.example/charts'],
    ['registry.example.com', 'oci://sub.registry.example.com/charts'],
    ['registry.example.com:5000', 'oci://registry.example.com/charts'],
    ['*.example.com', 'oci://example.com/charts'],
    ['*.example.com', 'oci://evilexample.com/charts'],
    ['ghcr.io/acme', 'oci://ghcr.io/acme-evil/charts'],
    ['ghcr.io/acme', 'oci://ghcr.io/other'],
    ['charts.example.com/stable', 'https://charts.example.com/stable/%2e%2e/other'],
    ['charts.example.com/stable', 'https://charts.example.com/%73table-not'],
  ])('%p does not allow %p', (pattern, registry) => expect(allows([pattern], registry)).toBe(false));
});

test('a pattern with a path allows its host on every hop, for redirects by the registry itself', () => {
  const { allowsHost } = allowedRegistries(['ghcr.io/acme', '*.example.com:8443']);
  expect([allowsHost('ghcr.io', 443), allowsHost('ghcr.io.', 443), allowsHost('x.example.com', 8443)]).toEqual([
    true,
    true,
    true,
  ]);
  expect([allowsHost('ghcr.io', 22), allowsHost('x.example.com', 443), allowsHost('cdn.example', 443)]).toEqual([
    false,
    false,
    false,
  ]);
});

test.each(['', '*', 'https://example.com', 'a b', 'example.com:port', 'example.com/a?b', '*.', 'a.*.b', '-a'])(
  '%p is not a valid pattern',
  (pattern) => expect(() => allowedRegistries([pattern])).toThrow(JSON.stringify(pattern)),
);
