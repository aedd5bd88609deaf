import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { packagePublicCharts } from '../../../support/charts/public-charts.ts';
import { storeChart } from '../../../support/charts/registry.ts';
import { helmOn } from '../../../support/cluster/helm.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';

// Charts as their publishers made them: the chart that `helm create` makes, and those of the directory that the variable CHARTS names, one
// folder a chart, its dependencies in its charts/.

const packaged = await packagePublicCharts(process.env['CHARTS']);

const coxswain = story();

afterAll(() => packaged.remove());

/** What tells of an owner, and what the API server counts. */
const OWNERS = /^(coxswain\.dev\/|meta\.helm\.sh\/|deployment\.kubernetes\.io\/)|^app\.kubernetes\.io\/managed-by$/;

function withoutOwners(texts: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => !OWNERS.test(key)));
}

/** What may not change while an object changes hands; of a Deployment, the API server counts annotations in its generation. */
function standing({ kind, metadata, ...fields }: KubeObject): object {
  delete fields['status'];
  const { uid, generation, labels, annotations } = metadata;
  const counted = kind === 'Deployment' ? {} : { generation };
  return { uid, ...counted, labels: withoutOwners(labels), annotations: withoutOwners(annotations), fields };
}

async function objectsOf({ kubectl }: Tenant, manifest: string): Promise<Record<string, KubeObject>> {
  const outcome = await kubectl.attempt(['get', '--show-managed-fields', '--output=json', '--filename=-'], {
    input: manifest,
  });
  const found = JSON.parse(outcome.stdout) as KubeObject & { items?: KubeObject[] };
  const items = found.items ?? [found];
  return Object.fromEntries(items.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
}

const standingOf = (objects: Record<string, KubeObject>): unknown =>
  Object.fromEntries(Object.entries(objects).map(([title, object]) => [title, standing(object)]));

async function pods({ kubectl }: Tenant): Promise<unknown> {
  const { items } = await kubectl.json<{ items: KubeObject[] }>('get', 'pods,replicasets');
  return items.map(({ kind, metadata, spec }) => ({ kind, uid: metadata.uid, generation: metadata.generation, spec }));
}

describe.each(packaged.charts.map((chart) => ({ title: `${chart.name} ${chart.version}`, chart })))(
  '$title',
  ({ chart }) => {
    test.each(['v3', 'v4'] as const)(
      'is taken over from Helm %s, and only owners change',
      async (version) => {
        const helm = helmOn(coxswain, version);
        const tenant = await coxswain.tenant({ prefix: 'adopt', rights: 'trusted' });
        const values = await coxswain.file(`${chart.name}-${version}.json`, JSON.stringify(chart.values));
        const { name } = chart;
        try {
          await helm(tenant, 'install', name, chart.path, '--values', values);
          const manifest = await helm(tenant, 'get', 'manifest', name);
          let before = await objectsOf(tenant, manifest);
          let running = await pods(tenant);
          // Controllers are at work for a while.
          const isQuiet = async (): Promise<boolean> => {
            const last = [standingOf(before), running];
            [before, running] = [await objectsOf(tenant, manifest), await pods(tenant)];
            return isDeepStrictEqual(last, [standingOf(before), running]);
          };
          await eventually(isQuiet, (quiet) => quiet, { timeoutMs: 120_000, intervalMs: 3_000 });
          const stored = await storeChart(coxswain.controlPlane, chart.archive);
          const release = await tenant.apply(name, stored, { adopt: 'HelmRelease', values: chart.values });
          const adopted = await release.until(({ status }) => status?.version === 1);
          expect(adopted.status?.operation?.type).toBe('Adopt');
          const after = await objectsOf(tenant, manifest);
          expect(standingOf(after)).toEqual(standingOf(before));
          expect(await pods(tenant)).toEqual(running);
          const helms = Object.entries(after).filter(([, { metadata }]) =>
            metadata.managedFields?.some((entry) => entry.manager === 'helm' && !entry.subresource),
          );
          expect(helms.map(([title]) => title)).toEqual([]);
          await release.delete();
        } finally {
          await helm(tenant, 'uninstall', name, '--no-hooks', '--ignore-not-found').catch(() => undefined);
        }
      },
      240_000,
    );
  },
);
