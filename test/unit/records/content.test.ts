import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  changedFields,
  contentDigest,
  contentOf,
  contentOperations,
  followsRange,
  isContentOf,
  isSameReference,
  referenceOf,
} from '../../../records/index.ts';
import type { Strategy } from '../../../crds/index.ts';
import { CHART, content, history, release } from '../controller/releases.ts';

describe('contentOf', () => {
  test('leaves the control fields and the version out', () => {
    const { spec } = release({ version: 3, suspend: true, interval: '1m', historyLimit: 2, ...content('a') });
    expect(contentOf(spec)).toEqual(content('a'));
  });

  test('leaves out the required signers', () => {
    const verify = { provider: 'Cosign', secretRef: { name: 'keys' } } as const;
    expect(contentOf({ chart: { ...CHART, verify } })).toEqual({ chart: CHART });
    expect(contentDigest({ chart: { ...CHART, verify } })).toBe(contentDigest({ chart: CHART }));
  });

  test('treats empty values and sources as absent', () => {
    expect(contentOf({ chart: CHART, values: {}, valuesFrom: [], generatedValues: {} })).toEqual({ chart: CHART });
  });
});

test('changedFields names what differs, however it is written', () => {
  const before = { chart: CHART, values: { a: 1, b: 2 }, valuesFrom: [], generatedValues: {} };
  const after = { chart: { ...CHART }, values: { b: 2, a: 1 } };
  expect(changedFields(before, after)).toEqual([]);
  expect(changedFields(before, { ...after, helmVersion: 'v3', values: {} })).toEqual(['helmVersion', 'values']);
});

describe('contentDigest', () => {
  const base = contentDigest({ chart: CHART, values: { a: { b: 1, c: 2 } } });

  test('is the sha256 of the canonical form', () => {
    const given = {
      chart: { ...CHART, verify: { provider: 'Cosign', secretRef: { name: 'keys' } } },
      values: { 10: 1, 9: [] },
      valuesFrom: [],
    } as const;
    const text = `{"chart":{"name":"web","registry":"oci://registry.example.com/charts","version":"^1.0.0"},"values":{"10":1,"9":[]}}`;
    expect(contentDigest({ ...given, valuesFrom: [] })).toBe(
      `v1:sha256:${createHash('sha256').update(text).digest('hex')}`,
    );
  });

  test('ignores a field that is absent, has its default, or is unknown: a new field makes no version', () => {
    const values = { a: { b: 1, c: 2 } };
    const novel = { novel: 'default' };
    const control = { ...novel, suspend: false, drift: 'Repair', hooks: 'Run', interval: '10m' } as const;
    expect(contentDigest({ ...control, chart: { ...CHART, ...novel, ignoreMissingValuesFiles: false }, values })).toBe(
      base,
    );
    const fields = [{ valuesFiles: ['a.yaml'] }, { valuesFiles: ['a.yaml'], ignoreMissingValuesFiles: true }];
    const others = fields.map((more) => contentDigest({ chart: { ...CHART, ...more }, values }));
    expect(new Set([base, ...others]).size).toBe(3);
  });

  test('ignores an unknown field of a source or a renewal', () => {
    const withFields = (more: object): string => {
      const source = { kind: 'Secret', name: 's', key: 'values.yaml', ...more } as const;
      const renewal = { path: '*', policy: 'OnNewToken', token: '1', ...more } as const;
      const generatedValues = { renew: [renewal], ...more };
      return contentDigest({ chart: CHART, valuesFrom: [source], generatedValues });
    };
    expect(withFields({ novel: 'default' })).toBe(withFields({}));
  });

  test('ignores empty patches and metadata, but not others', () => {
    const patch = { target: { kind: 'Job' }, patch: 'a: b' };
    const digest = (more: object): string => contentDigest({ chart: CHART, ...more });
    expect(digest({ patches: [], commonMetadata: { labels: {}, annotations: {} } })).toBe(digest({}));
    const novel = { ...patch, novel: 'default', target: { kind: 'Job', novel: 'default' }, optional: false };
    expect(digest({ patches: [novel] })).toBe(digest({ patches: [patch] }));
    const labels = { team: 'a' };
    const others = [
      {},
      { patches: [patch] },
      { patches: [{ ...patch, optional: true }] },
      { commonMetadata: { labels } },
    ];
    expect(new Set([...others, { patches: [patch, { ...patch, patch: 'c: d' }] }].map(digest)).size).toBe(5);
    expect(changedFields({ chart: CHART }, { chart: CHART, patches: [patch] })).toEqual(['patches']);
  });

  test('ignores the default strategy, and how a colour is checked and how long it is kept', () => {
    const digest = (strategy: Strategy): string => contentDigest({ chart: CHART, strategy });
    expect(digest({ type: 'Apply', keepFor: '1m' })).toBe(contentDigest({ chart: CHART }));
    const blueGreen = { type: 'BlueGreen', service: 'web' } as const;
    expect(digest({ ...blueGreen, keepFor: '1m', checks: [{ tests: true }] })).toBe(digest(blueGreen));
    expect(digest({ ...blueGreen, preview: 'next' })).not.toBe(digest(blueGreen));
  });

  test('does not depend on the order of keys', () => {
    const { registry, name, version } = CHART;
    expect(contentDigest({ values: { a: { c: 2, b: 1 } }, chart: { version, name, registry } })).toBe(base);
  });

  test.each([
    ['a value', { chart: CHART, values: { a: { b: 1, c: 3 } } }],
    ['the version of Helm', { chart: CHART, helmVersion: 'v3' as const, values: { a: { b: 1, c: 2 } } }],
    ['a null', { chart: CHART, values: { a: { b: 1, c: 2 }, d: null } }],
    [
      'what is renewed',
      {
        chart: CHART,
        values: { a: { b: 1, c: 2 } },
        generatedValues: { renew: [{ path: '*', policy: 'OnNewToken' as const, token: '1' }] },
      },
    ],
    ['the chart', { chart: { ...CHART, version: '^2.0.0' }, values: { a: { b: 1, c: 2 } } }],
    [
      'a source of values',
      {
        chart: CHART,
        values: { a: { b: 1, c: 2 } },
        valuesFrom: [{ kind: 'Secret' as const, name: 's', key: 'values.yaml' }],
      },
    ],
  ])('changes with %s', (_what, given) => {
    expect(contentDigest(given)).not.toBe(base);
  });

  test('does not depend on the order of renewals', () => {
    const one = { path: 'web/templates/a.yaml', policy: 'OnNewToken', token: '1' } as const;
    const other = { path: '*', policy: 'EveryVersion' } as const;
    expect(contentDigest({ chart: CHART, generatedValues: { renew: [one, other] } })).toBe(
      contentDigest({ chart: CHART, generatedValues: { renew: [other, one] } }),
    );
  });

  test('depends on the order of sources, since the later one wins', () => {
    const [one, two] = ['one', 'two'].map((name) => ({ kind: 'ConfigMap' as const, name, key: 'values.yaml' }));
    if (!one || !two) throw new Error('two sources');
    expect(contentDigest({ chart: CHART, valuesFrom: [one, two] })).not.toBe(
      contentDigest({ chart: CHART, valuesFrom: [two, one] }),
    );
  });
});

test('a reference is shown without an inline chart’s bytes and without the required signers', () => {
  const verify = { provider: 'Cosign', secretRef: { name: 'keys' } } as const;
  expect(referenceOf({ chart: { ...CHART, verify } })).toEqual(CHART);
  expect(referenceOf({ chart: { inline: 'H4sI' } })).toEqual({});
});

test('values files are shown with a reference, and do not make it another one', () => {
  const chart = { ...CHART, valuesFiles: ['a.yaml'], ignoreMissingValuesFiles: true };
  expect(referenceOf({ chart })).toEqual(chart);
  expect(isSameReference(chart, CHART)).toBe(true);
  expect(isSameReference(chart, { ...chart, version: '2.0.0' })).toBe(false);
});

describe('isContentOf', () => {
  const recorded = history(4, content('a'));
  test.each([
    ['as it was written', content('a'), true],
    ['other content', content('b'), false],
  ])('%s', (_what, given, expected) => {
    expect(isContentOf(contentDigest(given), recorded)).toBe(expected);
    const digests = { ...recorded.spec.digests, content: recorded.spec.digests.content.replace('v1:', '') };
    const older = { ...recorded, spec: { ...recorded.spec, digests } };
    expect(isContentOf(contentDigest(given), older)).toBe(expected);
  });
});

test.each([
  [undefined, true],
  ['^1.2.0', true],
  ['1.2', true],
  ['1', true],
  ['1.2.x', true],
  ['>=1.0.0 <2.0.0', true],
  ['1.0.0 - 2.0.0', true],
  ['*', true],
  ['1.2.3', false],
  ['v1.2.3', false],
  ['1.2.3-rc.1', false],
  ['1.2.3+build.5', false],
  ['1.2.3-rc.1+build.5', false],
])('a reference with version %s follows a range: %s', (version, expected) => {
  const { registry, name } = CHART;
  expect(followsRange({ registry, name, ...(version === undefined ? {} : { version }) })).toBe(expected);
});

test('neither a digest nor an inline chart can change', () => {
  expect(followsRange({ ...CHART, digest: 'sha256:abc' })).toBe(false);
  expect(followsRange({ inline: 'H4sI' })).toBe(false);
});

test('a rollback keeps the current keepFor, and the current checks where they still apply', () => {
  const blueGreen = { type: 'BlueGreen', service: 'web' } as const;
  const strategyIn = (now: Strategy, then: Strategy | undefined): unknown => {
    const restored = { chart: CHART, ...(then && { strategy: then }) };
    const operations = contentOperations(release({ ...content('a'), strategy: now }), restored);
    return operations.find(({ path }) => path === '/spec/strategy');
  };
  const kept = { ...blueGreen, keepFor: '1m' };
  const at = { op: 'add', path: '/spec/strategy' };
  expect(strategyIn({ type: 'Apply', keepFor: '1m' }, blueGreen)).toEqual({ ...at, value: kept });
  expect(strategyIn(kept, undefined)).toEqual({ ...at, value: { type: 'Apply', keepFor: '1m' } });
  expect(strategyIn(blueGreen, undefined)).toEqual({ op: 'remove', path: '/spec/strategy' });
  const preview = { ...blueGreen, preview: 'next' };
  const checked: Strategy = { ...preview, checks: [{ tests: true }] };
  expect(strategyIn(checked, preview)).toEqual({ ...at, value: checked });
  expect(strategyIn(checked, undefined)).toEqual({ ...at, value: { type: 'Apply', checks: checked.checks } });
  expect(strategyIn(checked, blueGreen)).toEqual({ ...at, value: blueGreen });
});
