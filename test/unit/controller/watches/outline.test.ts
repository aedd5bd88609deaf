import { expect, test } from '@jest/globals';
import { identityBytes, identityOf, PREVIEW_KEEPER } from '../../../../controller/watches/outline.ts';

function annotated(annotations: Record<string, string>) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop', annotations } };
}

test('of Helm’s annotations on an object, only what can be meaningful is kept', () => {
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

test('an identity is charged for the length of its texts', () => {
  const short = identityBytes(identityOf(annotated({ 'meta.helm.sh/release-name': 'web' })));
  const long = identityBytes(identityOf(annotated({ 'meta.helm.sh/release-name': 'w'.repeat(203) })));
  expect(long - short).toBe(200);
});

test('nothing of a preview is kept whose size its author chooses', () => {
  const metadata = { name: 'a', namespace: 'shop', uid: 'u', generation: 2, creationTimestamp: '2026-01-01T00:00:00Z' };
  const preview = {
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'ReleasePreview',
    metadata: { ...metadata, annotations: { big: 'x'.repeat(200_000) } },
  };
  expect(PREVIEW_KEEPER.keep(preview).metadata).toMatchObject(metadata);
  expect(JSON.stringify(PREVIEW_KEEPER.keep(preview)).length).toBeLessThan(500);
});
