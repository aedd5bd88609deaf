import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import { withoutRefusedItems } from '../../../../resources/apply/refused-items.ts';
import { ensureBinaries } from '../../../control-plane/index.ts';
import { countedWhenQuiet, markAudit, untilQuiet } from '../../../support/cluster/audit.ts';
import { expectSameObjects, liveObjects, type ObjectPair } from '../../../support/objects/beside-helm.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import { FLAWS, flawedObject } from '../../../support/objects/flawed-lists.ts';
import { run } from '../../../support/cluster/kubectl.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { keyedLists, type KeyedList } from '../../../support/objects/keyed-lists.ts';
import { succeed } from '../../../support/charts/public-charts.ts';
import { storeChart } from '../../../support/charts/registry.ts';

const coxswain = story();

/** Metadata is the same in all kinds, and what stands for a machine is in no chart. */
function isTried({ kind, path }: KeyedList): boolean {
  return kind === 'ConfigMap' || !(path.startsWith('.metadata.') || ['Node', 'CSINode'].includes(kind));
}

/** For each keyed list of each kind, an object with each flaw. */
async function casesFor(prefix: string, owner: string): Promise<ObjectPair[]> {
  const lists = (await keyedLists(coxswain.kubectl)).filter(isTried);
  return lists.flatMap((list, index) =>
    FLAWS.map((flaw) => {
      const object = flawedObject(list, `${prefix}-${index}-${flaw}`, flaw);
      if (!object)
        throw new Error(`no example for ${list.kind} ${list.path}: add it to test/support/objects/flawed-lists.ts`);
      const [reference] = object.metadata.ownerReferences ?? [];
      if (reference) object.metadata.ownerReferences = [1, 2].map(() => ({ ...reference, uid: owner }));
      return { title: `${list.kind} ${list.path}`, object };
    }),
  );
}

/** The names of those that the API server creates. */
async function creatable(tenant: Tenant, cases: readonly ObjectPair[]): Promise<Set<string>> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: cases.map(({ object }) => object) });
  const args = ['create', '--dry-run=server', '--validate=false', '--output=name', '--filename=-'];
  const { stdout } = await tenant.kubectl.attempt(args, { input });
  return new Set(stdout.split('\n').map((line) => line.split('/')[1] ?? ''));
}

function chartOf(name: string, cases: readonly ObjectPair[]): Uint8Array {
  const objects = cases.map(({ object }) => JSON.stringify(object));
  const note = '"annotations": {"note": "{{ .Values.note }}"}, "name":';
  const text = objects.map((object) => object.replace('"metadata":{"name":', `"metadata":{${note}`)).join('\n---\n');
  return buildChart({ name, values: 'note: a\n', templates: { 'objects.yaml': text } });
}

async function ownerIn(tenant: Tenant): Promise<string> {
  await tenant.kubectl('create', 'configmap', 'owner');
  return tenant.kubectl('get', 'configmap', 'owner', '--output=jsonpath={.metadata.uid}');
}

/** Fewer than end a plan. */
const MAX_REFUSED = 40;

test('lists of any kind with duplicate or missing keys are installed, kept and upgraded as by Helm, or else refused', async () => {
  const { controlPlane } = coxswain;
  const [theirs, ours] = [
    await coxswain.tenant({ prefix: 'helm', rights: 'trusted' }),
    await coxswain.tenant({ prefix: 'ours', rights: 'trusted' }),
  ];
  const forHelm = await casesFor('theirs', await ownerIn(theirs));
  const forUs = await casesFor('ours', await ownerIn(ours));
  const taken = await creatable(theirs, forHelm);
  const isTaken = ({ object }: ObjectPair): boolean => taken.has(object.metadata.name.replace(/^ours/, 'theirs'));
  const installed = forUs.filter(isTaken);
  expect(installed.length).toBeGreaterThan(100);

  const path = await coxswain.file('keyed-1.0.0.tgz', chartOf('keyed', forHelm.filter(isTaken)));
  const { helm } = await ensureBinaries(['helm']);
  const env = { KUBECONFIG: controlPlane.kubeconfig };
  await succeed(helm, ['install', 'r', path, '--namespace', theirs.namespace], env);
  const release = await ours.apply('taken', await storeChart(controlPlane, chartOf('taken', installed)));
  await expectSameObjects(ours, installed, await liveObjects(theirs, forHelm.filter(isTaken)));

  await untilQuiet(controlPlane);
  const mark = await markAudit(controlPlane, ours);
  await release.patch({ interval: '11m' });
  const idle = await countedWhenQuiet('coxswain', mark);
  const written = idle.filter(({ verb, objectRef }) => verb !== 'get' && objectRef?.resource !== 'releases');
  expect(written.map(({ verb, objectRef }) => `${verb} ${objectRef?.resource}/${objectRef?.name}`)).toEqual([]);

  // Of an item without its key Helm makes no patch.
  await run(helm, ['upgrade', 'r', path, '--namespace', theirs.namespace, '--set', 'note=b'], { env });
  const upgraded = await liveObjects(theirs, forHelm.filter(isTaken));
  const left = Object.entries(upgraded).filter(([, { metadata }]) => metadata.note !== 'b');
  expect(left.map(([title]) => title)).toEqual(left.flatMap(([title]) => (title.includes('-keyless ') ? [title] : [])));
  for (const { metadata } of Object.values(upgraded)) metadata.note = 'b';
  await release.patch({ values: { note: 'b' } });
  await expectSameObjects(ours, installed, upgraded);
  await succeed(helm, ['uninstall', 'r', '--namespace', theirs.namespace, '--no-hooks'], env);

  // What is repeated word for word is sent once, though Helm be refused.
  const refused = forUs.filter(
    (one) => !isTaken(one) && isDeepStrictEqual(withoutRefusedItems(one.object), one.object),
  );
  await Promise.all(
    Array.from({ length: Math.ceil(refused.length / MAX_REFUSED) }, async (_, index) => {
      const name = `refused-${index}`;
      const some = refused.slice(index * MAX_REFUSED, (index + 1) * MAX_REFUSED);
      await ours.apply(name, await storeChart(controlPlane, chartOf(name, some)));
      await ours.release(name).failed('ApplyFailed', { timeoutMs: 120_000 });
    }),
  );
  expect(Object.keys(await liveObjects(ours, refused))).toEqual([]);
}, 900_000);
