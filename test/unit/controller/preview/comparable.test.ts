import { expect, test } from '@jest/globals';
import { APPLIED_ANNOTATION } from '../../../../crds/index.ts';
import { comparable } from '../../../../controller/preview/comparable.ts';

test('fields that every write changes are no difference, fields that a reader sees are one', () => {
  const metadata = { name: 'a', labels: { l: '1' }, annotations: { [APPLIED_ANNOTATION]: 'x' } };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { k: 'v' } };
  const written = {
    ...object,
    metadata: {
      ...metadata,
      annotations: { [APPLIED_ANNOTATION]: 'y' },
      resourceVersion: '7',
      generation: 2,
      uid: 'u',
      creationTimestamp: '2026-01-01T00:00:00Z',
      managedFields: [],
    },
    status: { ready: true },
  };
  expect(comparable(written)).toEqual(comparable(object));
  expect(comparable(object).metadata).toEqual({ name: 'a', labels: { l: '1' } });
  const annotated = { ...object, metadata: { ...metadata, annotations: { other: '1' } } };
  expect(comparable(annotated)).not.toEqual(comparable(object));
});
