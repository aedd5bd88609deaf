import { beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../../../support/eventually.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

const coxswain = story();
let tenant: Tenant;
/** Each test has a kind of its own. */
let definition: string;

beforeEach(async () => {
  tenant = await coxswain.tenant({ rights: 'cluster-admin' });
  definition = `dogs.${tenant.namespace}.example.com`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  await coxswain.define({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: definition },
    spec: {
      group: `${tenant.namespace}.example.com`,
      names: { kind: 'Dog', plural: 'dogs' },
      scope: 'Namespaced',
      versions: [
        { name: 'v1beta1', served: true, storage: false, schema },
        { name: 'v1', served: true, storage: true, schema },
      ],
    },
  });
});

const config = (v: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: pet}\ndata: {v: "${v}"}\n`;
const dog = (): string =>
  `---\napiVersion: ${tenant.namespace}.example.com/v1beta1\nkind: Dog\nmetadata: {name: pet}\nspec: {x: 1}\n`;

async function deploy(manifest: string, version: string): Promise<ReleaseView> {
  const chart = await coxswain.push({ name: 'pet', version, templates: { 'all.yaml': manifest } });
  return tenant.apply('pet', { ...chart, version });
}

/** Installs a Dog as v1beta1 and a ConfigMap, then stops serving versions of Dogs. */
async function installed({ andUnserve }: { andUnserve: ('v1beta1' | 'v1')[] }): Promise<ReleaseView> {
  const release = await deploy(config('1') + dog(), '1.0.0');
  await release.ready();
  for (const version of andUnserve) await serve(version, false);
  return release;
}

async function serve(version: 'v1beta1' | 'v1', served: boolean): Promise<void> {
  const path = `/spec/versions/${version === 'v1' ? 1 : 0}/served`;
  const patch = `--patch=${JSON.stringify([{ op: 'replace', path, value: served }])}`;
  await coxswain.kubectl('patch', 'crd', definition, '--type=json', patch);
}

/** The names of the Dogs that there are, read in the version that is stored. */
async function dogs(): Promise<string> {
  const type = `dogs.v1.${tenant.namespace}.example.com`;
  return tenant.kubectl('get', type, '--output=jsonpath={.items[*].metadata.name}');
}

async function isRepaired(): Promise<void> {
  await tenant.kubectl('delete', 'configmap', 'pet');
  await eventually(
    () => tenant.configMap('pet'),
    (data) => data?.['v'] === '1',
  );
}

test('an object that a version drops is deleted through an API version that is served', async () => {
  await installed({ andUnserve: ['v1beta1'] });
  await (await deploy(config('2'), '1.0.1')).ready();
  expect(await dogs()).toBe('');
});

test('a Release is deleted with all its objects that are served in another version', async () => {
  await installed({ andUnserve: ['v1beta1'] });
  await tenant.release('pet').delete();
  expect(await dogs()).toBe('');
});

test('drift of an object served only in another version is reported, and other drift is corrected', async () => {
  const release = await installed({ andUnserve: ['v1beta1'] });
  const told = await release.failed('KindNotFound');
  expect(told.message).toMatch(/^Dog\/pet: can no longer be corrected: the cluster no longer serves Dog in .*v1beta1/);
  await tenant.kubectl('delete', `dogs.v1.${tenant.namespace}.example.com`, 'pet');
  const gone = await release.until((seen) => seen.status?.health === 'Red');
  expect(gone.status?.message).toMatch(/^Dog\/pet: not found, and cannot be created again/);
  await isRepaired();
  await serve('v1beta1', true);
  // No event tells of it.
  await release.ready();
  expect(await dogs()).toBe('pet');
});

test('an object that is served in no version is reported, and kept in the inventory', async () => {
  const release = await installed({ andUnserve: ['v1beta1', 'v1'] });
  expect((await release.failed('KindNotFound')).message).toContain('Dog/pet: cannot be seen');
  await isRepaired();
  const next = await deploy(config('2'), '1.0.1');
  const kept = await next.until(
    (seen) => seen.status?.version === 2 && conditionOf(seen, 'Ready')?.reason === 'KindNotFound',
  );
  expect(kept.status?.resources?.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Dog']);
  await tenant.kubectl('delete', 'release', 'pet', '--wait=false');
  await next.failed('KindNotFound');
  await serve('v1', true);
  await eventually(dogs, (names) => names === '');
  await tenant.kubectl('wait', 'release/pet', '--for=delete', '--timeout=120s');
});

test('a kind whose definition was deleted is reported as such, and delays neither repairs nor the deletion', async () => {
  const release = await installed({ andUnserve: [] });
  await coxswain.kubectl('delete', 'crd', definition);
  const { message } = await release.failed('KindNotFound');
  expect(message).not.toContain('404');
  await isRepaired();
  await tenant.release('pet').delete();
});
