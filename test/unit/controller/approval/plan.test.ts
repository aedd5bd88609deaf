import { describe, expect, test } from '@jest/globals';
import { planOf, isStillPlanned, type PlanDraft } from '../../../../controller/approval/make-plan.ts';
import { KnownSecrets } from '../../../../controller/masking/known-secrets.ts';
import type { Observed } from '../../../../controller/pass/observed.ts';
import type { PlannedChanges } from '../../../../controller/preview/planned-changes.ts';
import type { Target } from '../../../../controller/versions/target.ts';
import type { ClusterAnswers, ReleaseHistory, ReleasePlan } from '../../../../crds/index.ts';
import { keyOf } from '../../../../resources/index.ts';
import { content, history } from '../releases.ts';

const NOW = '2026-01-01T00:00:00Z';
const REF = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'shop' };
const OBSERVED = { key: 'shop/web' } as Observed;

function draft(
  states: Record<string, string>,
  of: ReleaseHistory = history(2),
  more: Partial<PlanDraft> = {},
): PlanDraft {
  const objects = Object.keys(states).map((name) => ({ action: 'Update' as const, ...REF, name }));
  const changes: PlannedChanges = {
    operation: 'Upgrade',
    objects,
    states: Object.entries(states).map(([name, state]) => ({ key: keyOf({ ...REF, name }), state })),
    changes: { changes: [], total: 0 },
    unchanged: 0,
    hooks: [],
    refusals: [],
    lacking: [],
    warnings: [],
  };
  const target = { version: of.spec.version, history: of, operation: 'Upgrade' } as Target;
  return { target, changes, control: 'control', from: 1, ...more };
}

/** A version of the same content and chart, rendered with these answers of the cluster. */
function answered(version: number, cluster: ClusterAnswers): ReleaseHistory {
  const { spec, ...rest } = history(version);
  return { ...rest, spec: { ...spec, cluster, resolved: history(2).spec.resolved } };
}

async function plan(of: PlanDraft, before?: ReleasePlan, now = NOW): Promise<ReleasePlan> {
  return planOf({ secrets: new KnownSecrets() }, OBSERVED, of, { before, now });
}

describe('a plan', () => {
  test('is still valid for the same objects, in any order', async () => {
    const made = await plan(draft({ a: '1', b: '2' }));
    expect(made.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(isStillPlanned(made, draft({ b: '2', a: '1' }))).toBe(true);
  });

  test.each<[string, PlanDraft]>([
    ['an object moved', draft({ a: '1', b: '3' })],
    ['another object changes too', draft({ a: '1', b: '2', c: '3' })],
    ['an object has become as desired', draft({ a: '1' })],
    ['another version was recorded', draft({ a: '1', b: '2' }, history(3))],
    ['the control fields were edited', draft({ a: '1', b: '2' }, history(2), { control: 'other' })],
  ])('is not valid once %s', async (_, now) => {
    expect(isStillPlanned(await plan(draft({ a: '1', b: '2' })), now)).toBe(false);
  });

  test('has a digest that differs from that of a plan made at another time', async () => {
    const of = draft({ a: '1' });
    expect((await plan(of)).digest).not.toBe((await plan(of, undefined, '2026-01-01T00:00:01Z')).digest);
  });

  test.each<[string, PlanDraft, string[]]>([
    ['objects', draft({ a: '1', b: '3', d: '1' }), ['ConfigMap/b', 'ConfigMap/c', 'ConfigMap/d']],
    ['the chart', draft({ a: '9' }, history(3, content('a'))), ['the chart, now web-1.0.3']],
    ['the data', draft({ a: '9' }, history(2, content('a'), 'others')), ['the data of valuesFrom']],
    ['the content', draft({ a: '9' }, history(2, content('b'))), ['chart or values in the spec']],
    ['the control fields', draft({}, history(2), { control: 'other' }), ['the spec']],
    ['nothing that has a name', draft({ a: '1', b: '2', c: '3' }), ['what it would change']],
  ])('says what has changed: %s', async (_, now, moved) => {
    const before = await plan(draft({ a: '1', b: '2', c: '3' }));
    expect(await plan(now, before)).toMatchObject({ moved, replaces: before.digest });
  });

  test.each<[string, ClusterAnswers, ClusterAnswers, string]>([
    ['an API that was added', { absent: ['a.io/v1'] }, { served: ['a.io/v1'] }, 'the cluster (a.io/v1 is served now)'],
    [
      'one that was removed',
      { served: ['a.io/v1'] },
      { absent: ['a.io/v1'] },
      'the cluster (a.io/v1 is not served any more)',
    ],
    [
      'another version of Kubernetes',
      { kubeVersion: 'v1.33.4', absent: ['a.io/v1'] },
      { kubeVersion: 'v1.34.1', absent: ['a.io/v1'] },
      'the cluster (Kubernetes is v1.34.1, not v1.33.4)',
    ],
    ['nothing about the cluster, which was asked something else', { absent: ['a.io/v1'] }, {}, 'ConfigMap/a'],
  ])('says how the cluster has changed: %s', async (_, before, now, moved) => {
    const made = await plan(draft({ a: '1' }, answered(2, before)));
    expect(made.cluster).toEqual(before);
    expect(await plan(draft({ a: '9' }, answered(3, now)), made)).toMatchObject({ moved: [moved] });
  });

  test('is bounded, but its counts are complete', async () => {
    const many = draft(
      Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`${'x'.repeat(240)}-${index}`, '0'.repeat(16)])),
    );
    const text = 'ü'.repeat(3_000);
    const change = {
      object: `ConfigMap/${'x'.repeat(240)}`,
      path: '/data',
      change: 'Changed',
      from: text,
      to: text,
    } as const;
    const refusal = { object: 'ConfigMap/x', reason: 'ApplyFailed', message: text } as const;
    const hook = {
      event: 'pre-upgrade',
      weight: 0,
      kind: 'Job',
      name: 'x'.repeat(240),
      object: { apiVersion: 'v1', kind: 'Job', metadata: { name: 'x' } },
    };
    const list = <T>(item: T): T[] => Array.from({ length: 500 }, () => item);
    const changes = {
      ...many.changes,
      hooks: list(hook),
      refusals: list(refusal),
      warnings: list(text),
      changes: { changes: list(change), total: 9_000 },
    };
    const made = await plan({ ...many, changes });
    expect(Buffer.byteLength(JSON.stringify(made))).toBeLessThan(105_000);
    expect(made).toMatchObject({ counts: { update: 5_000, hooks: 500, refused: 500 }, changesTotal: 9_000 });
    for (const shown of [made.objects, made.changes, made.hooks, made.refusals, made.warnings])
      expect(shown?.length).toBeGreaterThan(0);
  });
});
