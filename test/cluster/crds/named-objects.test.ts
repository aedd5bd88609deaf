import { expect, test } from '@jest/globals';
import { CHART, useDefinitions } from './definitions.ts';

// What the API server says of objects that a spec names: those that are patched, those whose fields are ignored, and dependencies.

const crds = useDefinitions();

function release(spec: Record<string, unknown>): object {
  const metadata = { name: 'web', namespace: crds.namespace };
  return { apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata, spec };
}

test('a Release may have patches, common metadata, ignored fields and dependencies', async () => {
  const spec = {
    chart: CHART,
    patches: [
      { patch: 'kind: x' },
      {
        target: { kind: 'Deployment|Job', name: 'web.*', labelSelector: 'a in (b, c)' },
        patch: '[]',
        optional: true,
      },
    ],
    commonMetadata: { labels: { team: 'a' }, annotations: { 'example.com/by': 'b' } },
    dependsOn: [{ name: 'db' }, { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', condition: 'Available' }],
    ignore: [
      { target: { group: 'apps', name: '(a|b)[.]c' }, paths: ['/spec/replicas', '/metadata/annotations/a~1b/*'] },
    ],
  };
  expect(await crds.check(release(spec))).toMatchObject({ code: 0 });
});

test.each<[string, Record<string, unknown>, string]>([
  ['a patch for nothing', { chart: CHART, patches: [{ target: {}, patch: 'a: b' }] }, 'spec.patches[0].target'],
  [
    'an invalid pattern',
    { chart: CHART, patches: [{ target: { name: '(' }, patch: 'a: b' }] },
    'patches[0].target.name',
  ],
  [
    'an invalid ignored pattern',
    { chart: CHART, ignore: [{ target: { kind: 'a{2,1}' }, paths: ['/a'] }] },
    'ignore[0].target.kind',
  ],
  [
    'an invalid selector',
    { chart: CHART, ignore: [{ target: { labelSelector: 'a in b' }, paths: ['/a'] }] },
    'labelSelector',
  ],
  ['ignored fields of everything', { chart: CHART, ignore: [{ target: {}, paths: ['/a'] }] }, 'spec.ignore[0].target'],
  [
    'everything ignored',
    { chart: CHART, ignore: [{ target: { kind: 'Job' }, paths: [''] }] },
    'spec.ignore[0].paths[0]',
  ],
  [
    'a path that is not a JSON pointer',
    { chart: CHART, ignore: [{ target: { kind: 'Job' }, paths: ['spec.a'] }] },
    'paths[0]',
  ],
  ['an empty patch', { chart: CHART, patches: [{ patch: '' }] }, 'spec.patches[0].patch'],
  [
    'common labels of the controller',
    { chart: CHART, commonMetadata: { labels: { 'coxswain.dev/release': 'x' } } },
    'the controller sets coxswain.dev/',
  ],
  [
    'common annotations of hooks',
    { chart: CHART, commonMetadata: { annotations: { 'helm.sh/hook': 'pre-install' } } },
    'makes hooks',
  ],
  [
    'a pattern that takes long to read',
    { chart: CHART, ignore: [{ target: { name: 'a{1000}' }, paths: ['/a'] }] },
    'target.name',
  ],
  [
    'a long pattern',
    { chart: CHART, patches: [{ target: { name: '(a|b)*'.repeat(11) }, patch: 'a: b' }] },
    'target.name',
  ],
  ['a kind without its API', { chart: CHART, dependsOn: [{ kind: 'Job', name: 'a' }] }, 'go together'],
  ['a condition of a Release', { chart: CHART, dependsOn: [{ name: 'a', condition: 'Healthy' }] }, 'has to be ready'],
  ['a dependency without a name', { chart: CHART, dependsOn: [{}] }, 'dependsOn[0].name'],
])('a Release may not have %s', async (_name, spec, words) => {
  const { code, stderr } = await crds.check(release(spec));
  expect(code).toBe(1);
  expect(stderr).toContain(words);
});
