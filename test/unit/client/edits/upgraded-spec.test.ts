import { describe, expect, test } from '@jest/globals';
import { droppedValues, upgradedSpec, type SpecChange } from '../../../../client/edits/index.ts';
import type { ReleaseSpec } from '../../../../crds/index.ts';

const spec: ReleaseSpec = {
  chart: {
    registry: 'oci://one.example/charts',
    name: 'web',
    version: '1.0.0',
    digest: 'sha256:00',
    secretRef: { name: 'login' },
    valuesFiles: ['values-prod.yaml'],
    verify: { provider: 'Cosign', secretRef: { name: 'keys' } },
  },
  values: { a: 1, b: { c: 2 } },
  valuesFrom: [{ kind: 'ConfigMap', name: 'defaults', key: 'values.yaml' }],
  version: 3,
  serviceAccountName: 'default',
  suspend: false,
  approval: 'Automatic',
  hooks: 'Run',
  schemaValidation: 'Run',
  adopt: 'Never',
  drift: 'Repair',
  crds: 'Create',
  recreate: 'Safe',
  interval: '10m',
  timeout: '5m',
  redAfter: '1m',
  historyLimit: 10,
};

function changed(change: Partial<SpecChange>, before = spec): ReleaseSpec {
  const values = { given: {}, merged: before.values ?? {}, mode: 'as-helm' } as const;
  return upgradedSpec(before, { values, references: [], ...change });
}

const given = { a: 2 };
const merged = { a: 2, b: { c: 2 } };

describe('the values after an upgrade', () => {
  test.each([
    ['as-helm', {}, { a: 1, b: { c: 2 } }],
    ['as-helm', given, { a: 2 }],
    ['reset', {}, undefined],
    ['reset', given, { a: 2 }],
    ['reuse', {}, { a: 1, b: { c: 2 } }],
    ['reuse', given, merged],
  ] as const)('%s with %j given', (mode, values, expected) => {
    expect(changed({ values: { given: values, merged, mode } }).values).toEqual(expected);
  });

  test('are all that changes where nothing else is given', () => {
    expect(changed({})).toEqual(spec);
    const { values: _, ...others } = spec;
    expect(changed({ values: { given: {}, merged, mode: 'reset' } })).toEqual(others);
  });

  test('are reported where they are dropped', () => {
    expect(droppedValues({ a: 1, b: { c: 2, d: 3 }, e: [1] }, { b: { c: 2 } }, 5)).toEqual(['a', 'b.d', 'e']);
    expect(droppedValues({ a: { b: 1 } }, { a: 5 }, 5)).toEqual(['a.b']);
    expect(droppedValues({ a: 1, b: 2, c: 3 }, {}, 2)).toEqual(['a', 'b']);
    expect(droppedValues(spec.values ?? {}, merged, 5)).toEqual([]);
  });
});

describe('the chart after an upgrade', () => {
  test('in another version is not pinned to the digest of the previous one', () => {
    const { digest: _, ...chart } = spec.chart;
    expect(changed({ version: '2.0.0' }).chart).toEqual({ ...chart, version: '2.0.0' });
  });

  test('from the same registry keeps credentials, keys and values files', () => {
    const chart = { registry: 'oci://one.example/charts', name: 'api' };
    const { secretRef, valuesFiles, verify } = spec.chart;
    expect(changed({ chart }).chart).toEqual({ ...chart, secretRef, valuesFiles, verify });
  });

  test('from another registry does not get the previous credentials, and must still be signed', () => {
    const chart = { registry: 'oci://two.example/charts', name: 'web', version: '1.0.0' };
    const { valuesFiles, verify } = spec.chart;
    expect(changed({ chart }).chart).toEqual({ ...chart, valuesFiles, verify });
    expect(changed({ chart, secret: 'other' }).chart.secretRef).toEqual({ name: 'other' });
  });

  test('that is stored in the Release has no other version', () => {
    expect(() => changed({ version: '2.0.0' }, { ...spec, chart: { inline: 'H4sI' } })).toThrow('--version');
    expect(changed({ chart: { inline: 'H4sJ' } }).chart).toEqual({
      inline: 'H4sJ',
      valuesFiles: ['values-prod.yaml'],
    });
  });
});

test('a secret value is referenced once', () => {
  const reference = {
    kind: 'Secret',
    name: 'web-release-values',
    key: 'db.password',
    targetPath: 'db.password',
  } as const;
  const first = changed({ references: [reference] });
  expect(first.valuesFrom).toEqual([...(spec.valuesFrom ?? []), reference]);
  expect(changed({ references: [reference] }, first)).toEqual(first);
});
