import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { loadChart, packageChart } from '../../../chart-renderer/index.ts';
import { storeChart } from '../../support/charts/registry.ts';
import { story } from '../../support/cluster/story.ts';
import { tenantOf, type Tenant } from '../../support/cluster/tenant.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', 'examples');
/** The namespace of examples/tenant.yaml, whose Role all of the example Releases have to do with. */
const NAMESPACE = 'tenant';

const coxswain = story();
let tenant: Tenant;

beforeAll(async () => {
  for (const chart of ['hello', 'hello-handlebars']) {
    const { bytes } = await packageChart(join(EXAMPLES, 'charts', chart));
    await storeChart(coxswain.controlPlane, bytes);
  }
  await coxswain.kubectl('apply', '--filename', join(EXAMPLES, 'tenant.yaml'));
  tenant = tenantOf(coxswain.kubectl, NAMESPACE);
});

/** Applies an example, with the real registry in the example's place. */
const applyExample = async (file: string): Promise<void> => {
  const text = await readFile(join(EXAMPLES, 'releases', file), 'utf8');
  const input = text.replaceAll('registry.example', coxswain.controlPlane.registry);
  const outcome = await tenant.kubectl.attempt(['apply', '-f', '-'], { input });
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
};

describe('the example releases', () => {
  test('hello.yaml becomes ready', async () => {
    await applyExample('hello.yaml');
    const release = await tenant.release('hello').ready();
    expect(release.status).toMatchObject({
      version: 1,
      health: 'Green',
      chart: { name: 'hello', version: '1.0.0' },
      resources: expect.arrayContaining([expect.objectContaining({ kind: 'Deployment', health: 'Green' })]),
    });
    const data = await tenant.configMap('hello');
    expect(data?.['index.html']).toBe('<h1>Ahoy</h1>');
  });

  test('follow-range.yaml takes its values from a ConfigMap and a Secret', async () => {
    await applyExample('follow-range.yaml');
    await tenant.release('follower').ready();
    const data = await tenant.configMap('follower');
    expect(data?.['index.html']).toBe('<h1>Only some may read this</h1>');
    const image = '{.spec.template.spec.containers[0].image}';
    const args = ['get', 'deployment', 'follower', `--output=jsonpath=${image}`];
    expect(await tenant.kubectl(...args)).toBe('nginx:1.28');
  });

  test('inline.yaml contains its chart, which is examples/charts/hello-handlebars', async () => {
    await applyExample('inline.yaml');
    const release = await tenant.release('inline').ready();
    const data = await tenant.configMap('inline');
    expect(data).toEqual({ 'en.html': '<h1>Good day</h1>', 'fr.html': '<h1>Bonjour</h1>' });
    const inline = await loadChart(Buffer.from(release.spec.chart.inline ?? '', 'base64'));
    const chart = await loadChart(join(EXAMPLES, 'charts', 'hello-handlebars'));
    expect(inline.metadata).toEqual(chart.metadata);
    const texts = ({ templates }: typeof chart): Record<string, string> =>
      Object.fromEntries(templates.map(({ name, data: bytes }) => [name, Buffer.from(bytes).toString()]));
    expect(texts(inline)).toEqual(texts(chart));
  });
});

describe('the schema of examples/charts/hello', () => {
  test('rejects a value that it does not know, and nothing is applied', async () => {
    const chart = `oci://${coxswain.controlPlane.registry}/charts/hello`;
    const spec = { chart: { registry: chart.replace('/hello', ''), name: 'hello' }, values: { replicas: 'many' } };
    const metadata = { name: 'wrong', namespace: NAMESPACE };
    await coxswain.kubectl.apply({ apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata, spec });
    const { message } = await tenant.release('wrong').failed('SchemaViolation');
    expect(message).toContain('replicas');
    expect(await tenant.configMap('wrong')).toBeUndefined();
  });
});
