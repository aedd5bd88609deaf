import { describe, expect, test } from '@jest/globals';
import { isAdoptable, isAdoptableHook, takenOver } from '../../../../resources/index.ts';
import type { FieldSet, KubeObject, ManagedFieldsEntry } from '../../../../resources/index.ts';
import { object, OWNER } from '../objects.ts';

const HELM = {
  labels: { 'app.kubernetes.io/managed-by': 'Helm' },
  annotations: { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'shop' },
};
const OURS = { labels: { 'coxswain.dev/release': 'web', 'coxswain.dev/release-namespace': 'shop' } };
const config = (metadata: object): KubeObject => object('ConfigMap/c', {}, { ...metadata });

const OBJECTS = {
  nobodys: config({}),
  'of the Helm release of that name': config(HELM),
  'of that Helm release by its annotations alone': config({ annotations: HELM.annotations }),
  'of a Helm release elsewhere': config({
    ...HELM,
    annotations: { ...HELM.annotations, 'meta.helm.sh/release-namespace': 'other' },
  }),
  'labelled for this Release': config(OURS),
  'labelled for a Release elsewhere': config({
    labels: { ...OURS.labels, 'coxswain.dev/release-namespace': 'other' },
  }),
};

describe('isAdoptable', () => {
  test.each([
    ['Never', []],
    ['HelmRelease', ['of the Helm release of that name']],
    ['Labelled', ['labelled for this Release']],
    ['Any', Object.keys(OBJECTS).filter((title) => title !== 'labelled for a Release elsewhere')],
  ] as const)('%s takes %j', (adoption, taken) => {
    const found = Object.entries(OBJECTS).filter(([, live]) => isAdoptable(live, OWNER, adoption));
    expect(found.map(([title]) => title)).toEqual(taken);
  });

  test('hooks of Helm, which do not name their release, count as the Helm release’s', () => {
    const hook = config({ annotations: { 'helm.sh/hook': 'pre-upgrade' } });
    const isTaken = (live: KubeObject): boolean => isAdoptableHook(live, OWNER, 'HelmRelease');
    expect([hook, config({}), config(OURS)].map(isTaken)).toEqual([true, false, false]);
    expect(isAdoptableHook(hook, OWNER, 'Never')).toBe(false);
  });
});

describe('takenOver', () => {
  const managed = (managedFields: ManagedFieldsEntry[]): KubeObject => config({ resourceVersion: '7', managedFields });
  const taken = (entries: ManagedFieldsEntry[]): ManagedFieldsEntry[] | undefined =>
    takenOver(managed(entries), config({}), OWNER).takeOver?.managedFields;
  const mark = { 'f:metadata': { 'f:annotations': { 'f:meta.helm.sh/release-name': {} } } };
  const data = (...keys: string[]): FieldSet => ({
    'f:data': Object.fromEntries(keys.map((key) => [`f:${key}`, {}])),
  });
  const by = (manager: string, fieldsV1: FieldSet, more = {}): ManagedFieldsEntry => ({
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    fieldsV1,
    ...more,
  });
  const applied = (fieldsV1: FieldSet, apiVersion = 'v1'): object => ({
    manager: 'coxswain',
    operation: 'Apply',
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1,
  });

  test('makes one entry of what Helm applied, updated, and updated under another tool’s name', () => {
    const helm4 = by('helm', data('a'), { operation: 'Apply' });
    const tool = by('terraform', { ...mark, ...data('c') });
    expect(taken([helm4, by('helm', data('b')), tool])).toEqual([applied({ ...mark, ...data('a', 'c', 'b') })]);
  });

  test('leaves what others own, also in the status, and labels that were added by hand', () => {
    const others = [
      by('kubectl-annotate', mark),
      by('editor', data('a')),
      by('helm', { 'f:status': {} }, { subresource: 'status' }),
    ];
    expect(taken(others)).toBeUndefined();
    expect(taken([...others, by('helm', data('b'))])).toEqual([...others, applied(data('b'))]);
  });

  test('keeps entries for other API versions separate', () => {
    const old = by('helm', data('a'), { apiVersion: 'v1beta1' });
    expect(taken([old])).toEqual([applied(data('a'), 'v1beta1')]);
    expect(taken([old, by('helm', data('b'))])).toEqual([old, applied(data('b'))]);
  });

  test('leaves the zeros in a map that the chart leaves empty, since an apply would remove them', () => {
    const fields = (strategy: FieldSet): FieldSet => ({ 'f:spec': { 'f:updateStrategy': strategy } });
    const entry = by('helm', fields({ '.': {}, 'f:rollingUpdate': { '.': {}, 'f:partition': {} }, 'f:type': {} }));
    const set = (rollingUpdate: object): KubeObject =>
      object('StatefulSet/s', { spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate } } });
    const live = (rollingUpdate: object): KubeObject => {
      const found = set(rollingUpdate);
      return { ...found, metadata: { ...found.metadata, managedFields: [entry] } };
    };
    const ownedOf = (before: object, after: object): FieldSet | undefined =>
      takenOver(live(before), set(after), OWNER).takeOver?.managedFields[0]?.fieldsV1;
    const all = entry.fieldsV1;
    expect(ownedOf({ partition: 0 }, {})).toEqual(fields({ '.': {}, 'f:rollingUpdate': {}, 'f:type': {} }));
    expect(ownedOf({ partition: 2 }, {})).toEqual(all);
    expect(ownedOf({ partition: 0 }, { partition: 0 })).toEqual(all);
  });
});
