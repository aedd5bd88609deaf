import { describe, expect, test } from '@jest/globals';
import type { PlannedChanges } from '../../../../controller/preview/planned-changes.ts';
import {
  maskedFindings,
  previewStatusOf,
  type PreviewFindings,
} from '../../../../controller/preview/preview-status.ts';
import { failureOf } from '../../../../controller/pass/failures/failures.ts';
import { ReleaseError } from '../../../../controller/pass/failures/errors.ts';

const ABOUT = { generation: 3, now: '2026-01-01T00:00:00Z', from: 1 };
const NOTHING: PlannedChanges = {
  operation: undefined,
  objects: [],
  states: [],
  changes: { changes: [], total: 0 },
  unchanged: 0,
  hooks: [],
  refusals: [],
  lacking: [],
  warnings: [],
};

function findings(changes: Partial<PlannedChanges>, more: Partial<PreviewFindings> = {}): PreviewFindings {
  return { ...ABOUT, changes: { ...NOTHING, ...changes }, ...more };
}

describe('previewStatusOf', () => {
  test('counts everything and summarizes it', () => {
    const ref = { group: '', version: 'v1', kind: 'ConfigMap', name: 'a' };
    const objects = (['Create', 'Create', 'Update', 'Recreate', 'Delete', 'Unknown'] as const).map((action) => ({
      action,
      ...ref,
    }));
    const refusals = [{ object: 'Service/b', reason: 'ApplyFailed', message: 'no' } as const];
    const status = previewStatusOf(findings({ objects, refusals, unchanged: 7 }));
    expect(status.counts).toEqual({
      create: 2,
      update: 1,
      recreate: 1,
      delete: 1,
      unchanged: 7,
      unknown: 1,
      hooks: 0,
      refused: 1,
    });
    expect(status.conditions).toEqual([
      {
        type: 'Complete',
        status: 'True',
        reason: 'Previewed',
        message: '2 to create, 1 to update, 1 to create again, 1 to delete, 7 unchanged, 1 refused',
        observedGeneration: 3,
        lastTransitionTime: ABOUT.now,
      },
    ]);
  });

  test('stays below half of what etcd stores, however much there is to report', () => {
    const long = 'é'.repeat(253);
    const ref = { group: long, version: 'v1', kind: 'K'.repeat(63), namespace: 'n'.repeat(63), name: long };
    const many = <T>(item: T): T[] => Array.from({ length: 5_000 }, () => item);
    const text = 'ü'.repeat(3_000);
    const change = { object: `Kind/${long}`, path: `/${long}`, change: 'Changed', from: text.slice(0, 200) } as const;
    const object = { apiVersion: 'v1', kind: 'Job', metadata: { name: long } };
    const status = previewStatusOf(
      findings(
        {
          objects: many({ action: 'Create', ...ref }),
          changes: { changes: many(change).slice(0, 500), total: 90_000 },
          hooks: many({ event: 'pre-install', weight: 1, kind: 'Job', name: long, object }),
          refusals: many({ object: `Kind/${long}`, reason: 'ApplyFailed', message: text }),
          lacking: many({ verbs: ['create'], group: long, resource: long, namespace: long }),
          warnings: many(text),
        },
        { grant: text.repeat(20) },
      ),
    );
    expect(Buffer.byteLength(JSON.stringify(status))).toBeLessThan(750_000);
    expect(status.counts).toMatchObject({ create: 5_000, hooks: 5_000, refused: 5_000 });
    expect(status.changesTotal).toBe(90_000);
    for (const list of [status.objects, status.changes, status.hooks, status.refusals, status.warnings])
      expect(list?.length).toBeGreaterThan(10);
  });

  test('lists each object that a failure is about', () => {
    const objects = new Map([
      ['apps/Deployment/shop/web', 'why'],
      ['/Namespace//x', 'cluster-scoped'],
    ]);
    const failure = failureOf(new ReleaseError('Refused', 'why; cluster-scoped', { objects }));
    const status = previewStatusOf({ ...ABOUT, failure });
    expect(status.refusals).toEqual([
      { object: 'Deployment/web', reason: 'Refused', message: 'why' },
      { object: 'Namespace/x', reason: 'Refused', message: 'cluster-scoped' },
    ]);
    expect(status.conditions).toMatchObject([{ status: 'False', reason: 'Refused', message: 'why; cluster-scoped' }]);
    expect(status.counts).toBeUndefined();
  });
});

test('every text that may quote a secret is masked before it is cut', () => {
  const secret = 'hunter2-hunter2';
  const text = `${'x'.repeat(1_020)}${secret}`;
  const objects = new Map([['/Secret/shop/a', text]]);
  const failure = failureOf(new ReleaseError('Refused', text, { objects }));
  const refusals = [{ object: 'Secret/a', reason: 'ApplyFailed', message: text } as const];
  const mask = (given: string): string => given.replaceAll(secret, '***');
  const told = [
    previewStatusOf(maskedFindings(findings({ refusals, warnings: [text] }), mask)),
    previewStatusOf(maskedFindings({ ...ABOUT, failure }, mask)),
  ];
  expect(JSON.stringify(told)).not.toContain('hunt');
  expect(JSON.stringify(told).split('***').length).toBeGreaterThan(2);
});
