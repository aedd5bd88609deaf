import { describe, expect, test } from '@jest/globals';
import { addsTo, lastAppliedWith, transferToApplier } from '../../../../controller/versions/rollback/manifest-owner.ts';
import { managedWithTransfer, type FieldSet } from '../../../../resources/index.ts';
import { content } from '../releases.ts';

const VALUES: FieldSet = { 'f:values': { 'f:old': {} } };
const APPLIED: FieldSet = { 'f:spec': { 'f:chart': { 'f:name': {} }, 'f:values': { 'f:new': {} } } };
const restored = {
  manager: 'coxswain-version',
  operation: 'Update',
  fieldsV1: { 'f:spec': { ...VALUES, 'f:version': {} } },
};
const flux = { manager: 'flux', operation: 'Apply', time: '2026-01-01T00:00:02Z', fieldsV1: APPLIED };

describe('restored fields go', () => {
  test('to whoever applied the chart last, while the version stays with the controller', () => {
    const before = { manager: 'early', operation: 'Apply', time: '2026-01-01T00:00:01Z', fieldsV1: APPLIED };
    const partial = {
      manager: 'late',
      operation: 'Apply',
      time: '2026-01-01T00:00:03Z',
      fieldsV1: { 'f:spec': VALUES },
    };
    const entries = [flux, before, partial, restored];
    const transfer = transferToApplier({ managedFields: entries });
    if (!transfer) throw new Error('nothing to transfer');
    expect(managedWithTransfer(entries, transfer)).toEqual([
      { ...flux, fieldsV1: { 'f:spec': { 'f:chart': { 'f:name': {} }, 'f:values': { 'f:new': {}, 'f:old': {} } } } },
      before,
      partial,
      { ...restored, fieldsV1: { 'f:spec': { 'f:version': {} } } },
    ]);
  });

  test('and their entry is dropped if nothing else is in it', () => {
    const all = { ...restored, fieldsV1: { 'f:spec': VALUES } };
    const transfer = transferToApplier({ managedFields: [all, flux] });
    expect(transfer && managedWithTransfer([all, flux], transfer)).toHaveLength(1);
  });

  test.each([
    ['nobody where nobody applied', [restored, { ...flux, operation: 'Update' }]],
    ['nobody where nothing was restored', [flux, { ...restored, fieldsV1: { 'f:spec': { 'f:version': {} } } }]],
  ])('to %s', (_title, managedFields) => {
    expect(transferToApplier({ managedFields })).toBeUndefined();
  });
});

describe('the last-applied annotation of kubectl', () => {
  const now = content('a');

  test('gets the content, and keeps the rest', () => {
    const chart = { registry: 'oci://r', name: 'c', verify: { provider: 'Cosign' } };
    const manifest = {
      kind: 'Release',
      metadata: { labels: { a: 'b' } },
      spec: { chart, helmVersion: 'v3', interval: '1m' },
    };
    const told = JSON.parse(lastAppliedWith(JSON.stringify(manifest), now) ?? '') as object;
    const spec = { interval: '1m', values: now.values, chart: { ...now.chart, verify: chart.verify } };
    expect(told).toEqual({ ...manifest, spec });
  });

  test.each([
    ['it is missing', undefined],
    ['it is not JSON', '{'],
    ['it has no spec', '{"kind":"Release"}'],
    ['it has no room', JSON.stringify({ spec: {}, metadata: { labels: { a: 'x'.repeat(200_000) } } })],
  ])('stays as it is where %s', (_why, lastApplied) => {
    expect(lastAppliedWith(lastApplied, now)).toBeUndefined();
  });
});

test.each([
  [{ a: 1 }, { a: 2 }, false],
  [{ a: 1, b: 1 }, { a: 1 }, false],
  [{ a: 1 }, { a: 1, b: 1 }, true],
  [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }, true],
  [{ a: 1 }, { a: { b: 1 } }, false],
  [{ a: [1] }, { a: [1, 2] }, true],
  [{ a: [1] }, { a: [1] }, false],
  [undefined, undefined, false],
])('compared with %j, something is added in %j: %s', (before, after, expected) => {
  expect(addsTo(before, after)).toBe(expected);
});
