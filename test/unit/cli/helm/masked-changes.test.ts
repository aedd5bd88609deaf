import { expect, test } from '@jest/globals';
import { comparisonOf } from '../../../../cli/helm/rendering.ts';
import { maskOfRecords } from '../../../../cli/helm/earlier-revisions.ts';
import type { VersionRecord } from '../../../../records/index.ts';
import type { KubeObject } from '../../../../resources/index.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function secret(name: string, parts: Partial<KubeObject>): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, ...parts };
}

/** A version whose Secrets, one of them of a hook, hold texts with this suffix, and whose Deployment has them too. */
function version(suffix: string): VersionRecord {
  const texts = {
    WRITTEN: `hunter2-${suffix}`,
    ENCODED: `swordfish-${suffix}`,
    HOOK: `opensesame-${suffix}`,
    DRAWN: `dr4wn-${suffix}`,
    QUOTED: `say "friend" ${suffix}`,
  };
  const env = Object.entries(texts).map(([name, value]) => ({ name, value: `url://${value}@db` }));
  const objects = [
    secret('written', { stringData: { password: texts.WRITTEN, quoted: texts.QUOTED } }),
    secret('encoded', { data: { password: base64(texts.ENCODED) } }),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: suffix.length,
        env,
        raw: { all: base64(texts.ENCODED) },
        ...(suffix === 'new' && { more: env }),
      },
    },
  ];
  return {
    content: { chart: {} },
    values: {},
    objects: objects.map((object) => ({ source: '', object })),
    hooks: [{ source: '', object: secret('hook', { stringData: { key: texts.HOOK } }) }],
    crds: [],
    remembered: { 'a.yaml': [texts.DRAWN] },
  } as unknown as VersionRecord;
}

test('changes show no text from a Secret and no generated value, in any object', () => {
  const records = [version('formerly'), version('new')] as const;
  const [before, after] = records.map(({ objects }) => objects.map(({ object }) => object));
  const options = { max: 100, masked: maskOfRecords(records) };
  const { changes } = comparisonOf(before ?? [], after ?? [], options);
  expect(changes).toContainEqual(expect.objectContaining({ path: '/spec/replicas', from: '8', to: '3' }));
  expect(
    changes.filter(({ object, from }) => object === 'Deployment/web' && from === 'url://***@db').length,
  ).toBeGreaterThan(3);
  expect(JSON.stringify(changes)).not.toMatch(/hunter2|swordfish|c3dvcmRmaXNo|opensesame|dr4wn|friend/);
});

test('values that are too short to be secret, or too common, hide nothing', () => {
  const of = {
    ...version(''),
    objects: [{ object: secret('s', { stringData: { a: 'on', b: 'true', c: 'a\nshort\nlines' } }) }],
  };
  const hidden = maskOfRecords([of as unknown as VersionRecord]);
  expect(hidden('true on short lines')).toBe('true on short lines');
});

test('a long secret is recognized by its beginning, where it is cut', () => {
  const objects = [{ object: secret('s', { stringData: { a: 'x'.repeat(2_000) } }) }];
  const of = { ...version(''), objects };
  const hidden = maskOfRecords([of as unknown as VersionRecord]);
  expect(hidden(`key=${'x'.repeat(1_000)}`)).toBe('key=***');
});
