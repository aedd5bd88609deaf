import { expect, test } from '@jest/globals';
import { identityBytes, identityOf } from '../../../../controller/watches/outline.ts';

function annotated(annotations: Record<string, string>) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop', annotations } };
}

test('of what Helm says of an object no more is kept than can mean something', () => {
  const { metadata } = identityOf(
    annotated({
      'meta.helm.sh/release-name': 'x'.repeat(200_000),
      'helm.sh/resource-policy': `${' '.repeat(100_000)}keep`,
      other: 'left out',
    }),
  );
  expect(metadata.annotations).toEqual({
    'meta.helm.sh/release-name': 'x'.repeat(253),
    'helm.sh/resource-policy': 'keep',
  });
});

test('an identity is charged for its texts', () => {
  const short = identityBytes(identityOf(annotated({ 'meta.helm.sh/release-name': 'web' })));
  const long = identityBytes(identityOf(annotated({ 'meta.helm.sh/release-name': 'w'.repeat(203) })));
  expect(long - short).toBe(200);
});
