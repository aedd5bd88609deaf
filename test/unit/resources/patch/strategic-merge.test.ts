import { describe, expect, test } from '@jest/globals';
import { mergeRulesFor, strategicMerge } from '../../../../resources/index.ts';

// What patches do to the kinds of Kubernetes is compared with kubectl in test/cluster/resources/patches.test.ts.

const DEPLOYMENT = mergeRulesFor({ apiVersion: 'apps/v1', kind: 'Deployment' });
const CUSTOM = mergeRulesFor({ apiVersion: 'example.com/v1', kind: 'Deployment' });

function pod(containers: unknown[]): Record<string, unknown> {
  return { spec: { template: { spec: { containers } } } };
}

describe('strategicMerge', () => {
  test('merges the lists of kinds of Kubernetes, and replaces those of custom resources', () => {
    const before = pod([{ name: 'app', image: 'a:1' }]);
    const patch = pod([{ name: 'sidecar', image: 's:1' }]);
    expect(strategicMerge(before, patch, DEPLOYMENT)).toEqual(
      pod([
        { name: 'sidecar', image: 's:1' },
        { name: 'app', image: 'a:1' },
      ]),
    );
    expect(strategicMerge(before, patch, CUSTOM)).toEqual(patch);
  });

  test('is a JSON merge patch for a custom resource: null removes, at any depth, also in new values', () => {
    const before = { spec: { a: { b: 1, c: 2 }, list: [1, 2], keep: true } };
    const patch = { spec: { a: { b: null, d: { e: null, f: 1 } }, list: [3], none: null } };
    expect(strategicMerge(before, patch, CUSTOM)).toEqual({
      spec: { a: { c: 2, d: { f: 1 } }, list: [3], keep: true },
    });
  });

  test('follows directives in custom resources too', () => {
    const before = { spec: { a: { b: 1, c: 2 }, d: { e: 1 } } };
    const patch = { spec: { a: { $patch: 'replace', x: 1 }, d: { $patch: 'delete' } } };
    expect(strategicMerge(before, patch, CUSTOM)).toEqual({ spec: { a: { x: 1 }, d: {} } });
  });

  test.each([
    ['an item without the key of its list', pod([{ image: 'a:1' }]), /spec.template.spec.containers.0 has no name/],
    ['an item that is not a map', pod(['app']), /containers.0 is not a map/],
    ['an unknown directive', { spec: { $patch: 'remove' } }, /spec.\$patch is neither delete nor replace nor merge/],
    ['an order of items', { spec: { '$setElementOrder/x': [] } }, /is not supported/],
    ['retained keys that are no list', { spec: { $retainKeys: 'a' } }, /is not a list/],
    ['a key that is set and not retained', { spec: { $retainKeys: ['a'], b: 1 } }, /does not list b/],
    ['items to delete that are no list', { '$deleteFromPrimitiveList/x': 'a' }, /is not a list/],
  ])('refuses %s, and says where', (_what, patch, message) => {
    expect(() => strategicMerge(pod([]), patch, DEPLOYMENT)).toThrow(message);
  });

  test('modifies neither the object nor the patch, and takes no prototype from a patch', () => {
    const before = pod([{ name: 'app', env: [{ name: 'A', value: '1' }] }]);
    const patch = pod([{ name: 'app', env: [{ name: 'A', value: '2' }] }]);
    const [beforeText, patchText] = [JSON.stringify(before), JSON.stringify(patch)];
    strategicMerge(before, patch, DEPLOYMENT);
    expect([JSON.stringify(before), JSON.stringify(patch)]).toEqual([beforeText, patchText]);
    const hostile = JSON.parse('{"spec": {"__proto__": {"polluted": true}}}') as Record<string, unknown>;
    const merged = strategicMerge({ spec: {} }, hostile, CUSTOM);
    expect((merged['spec'] as { polluted?: boolean }).polluted).toBeUndefined();
    expect(JSON.stringify(merged)).toBe(JSON.stringify(hostile));
  });

  test('takes time that grows with the lists, not with their product', () => {
    const items = Array.from({ length: 20_000 }, (_, at) => ({ name: `c${at}`, image: 'a:1' }));
    const patch = items.toReversed().map(({ name }) => ({ name, image: 'a:2' }));
    const merged = strategicMerge(pod(items), pod(patch), DEPLOYMENT);
    expect(merged).toEqual(pod(patch));
  });
});
