import { expect, test } from '@jest/globals';
import { countedWhenQuiet, describeRequest, markAudit } from '../../../support/cluster/audit.ts';
import { story } from '../../../support/cluster/story.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

// A field that a later definition has, with a default: the API server then shows it in every Release.

const NOVEL = { type: 'string', default: 'default' };

const coxswain = story();

test('fields with defaults that are added to the definition make no version for anybody, even after a restart', async () => {
  const tenant = await coxswain.tenant();
  await tenant.kubectl('create', 'configmap', 'more', '--from-literal=values.yaml=greeting: more');
  const valuesFrom = [{ kind: 'ConfigMap', name: 'more' }];
  const generatedValues = { renew: [{ path: '*', token: '1' }] };
  const patches = [{ target: { kind: 'Deployment' }, patch: 'spec: {replicas: 2}' }];
  const more = { commonMetadata: { labels: { team: 'a' } }, strategy: { type: 'Apply' } };
  const content = { valuesFrom, generatedValues, patches, ...more };
  const web = await tenant.apply('web', await coxswain.push(webChart()), content);
  await web.ready();
  const mark = await markAudit(coxswain.controlPlane, tenant);

  const spec = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties';
  const places = ['', '/chart/properties', '/valuesFrom/items/properties', '/generatedValues/properties'];
  const items = ['/generatedValues/properties/renew', '/patches'].map((list) => `${list}/items/properties`);
  const target = '/patches/items/properties/target/properties';
  const added = [...places, ...items, target, '/commonMetadata/properties', '/strategy/properties'].map((place) => ({
    op: 'add',
    path: `${spec}${place}/novel`,
    value: NOVEL,
  }));
  const crd = 'releases.coxswain.dev';
  await coxswain.kubectl('patch', 'crd', crd, '--type=json', `--patch=${JSON.stringify(added)}`);
  // What is written from now on has them, as has what is read.
  await tenant.kubectl('annotate', 'release', 'web', 'touched=yes');
  await web.until(({ spec: { chart } }) => 'novel' in chart);
  expect((await countedWhenQuiet('coxswain', mark)).map(describeRequest)).toEqual([]);
  await coxswain.restart();
  await web.patch({ interval: '11m' });
  await web.ready();
  expect(await web.histories()).toHaveLength(1);

  await web.patch({ values: { tag: '2' } });
  await web.inForce(2);
  await web.patch({ version: 1 });
  await web.inForce(1);
  expect(await web.histories()).toHaveLength(2);
});
