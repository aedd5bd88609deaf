import { expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import { editedSpec } from '../../../../dashboard/server/releases/actions.ts';
import { viewOf } from '../../../../dashboard/server/live/release-view.ts';

test.each([
  ['a long text', { text: 'x'.repeat(500_000) }],
  ['many lines', { text: 'a line\n'.repeat(20_000) }],
  ['many values', Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key${index}`, index]))],
  [
    'texts that look like something else',
    { a: 'x\r\ny', b: ' lead', c: 'trail \n', d: 'yes', e: '012', f: '…', g: '# h' },
  ],
])('an edit of %s begins with all of it, and changes what was typed only', (_, values) => {
  const { spec, begun } = edit(values);
  expect(editedSpec(spec, { do: 'edit', values: `${begun}typed: 1\n` }).values).toEqual({ ...values, typed: 1 });
});

test('an edit of characters that YAML does not take as they are changes none of them', () => {
  const values = { a: '\u007f\u0080', b: 'x\u0085y', '<<': 'key' };
  const { spec, begun } = edit(values);
  expect(editedSpec(spec, { do: 'edit', values: begun }).values).toEqual(values);
});

/** A spec with values, and the text that an edit of them begins with. */
function edit(values: object): { spec: Release['spec']; begun: string } {
  const metadata = {
    name: 'web',
    namespace: 'shop',
    uid: 'u',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
  const spec = { chart: { registry: 'oci://a/b', name: 'web' }, suspend: false, values };
  const release = { apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata, spec } as unknown as Release;
  return { spec: release.spec, begun: viewOf(release, { descendants: [], events: [], missing: [] }).values };
}
