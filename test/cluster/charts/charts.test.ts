import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readYaml, type JsonObject } from '../../../chart-renderer/index.ts';
import type { ReleaseHistory } from '../../../crds/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { caseOf } from '../../conformance/rendering/cases.ts';
import { compareAnswers } from '../../conformance/comparison/compare.ts';
import { Oracle } from '../../conformance/rendering/oracle.ts';
import { renderOurs } from '../../conformance/rendering/ours.ts';
import { ensureBinaries } from '../../control-plane/index.ts';
import { eventually } from '../../support/eventually.ts';
import { conditionOf } from '../../support/cluster/installation.ts';
import { packagePublicCharts, succeed, type PublicChart } from '../../support/charts/public-charts.ts';
import { storeChart, type StoredChart } from '../../support/charts/registry.ts';
import { story } from '../../support/cluster/story.ts';
import type { Tenant } from '../../support/cluster/tenant.ts';

// Charts as their publishers made them, each through its whole life: the chart that `helm create` makes, and those of the
// directory that the variable CHARTS names, one folder a chart, its dependencies in its charts/.

/** Kubernetes' garbage collector learns of a new CustomResourceDefinition within half a minute, and retries ever more seldom. */
const COLLECTOR_PATIENCE = { timeoutMs: 120_000, intervalMs: 500 };

const packaged = await packagePublicCharts(process.env['CHARTS']);

const coxswain = story();
let oracle: Oracle;

beforeAll(async () => {
  oracle = await Oracle.start();
}, 300_000);

afterAll(async () => {
  await oracle?.stop();
  await packaged.remove();
});

describe.each(packaged.charts.map((chart) => ({ title: `${chart.name} ${chart.version}`, chart })))(
  '$title',
  ({ chart }) => {
    test('is rendered byte for byte as by Helm', async () => {
      for (const values of [chart.values, chart.upgrade?.values ?? chart.values]) {
        const asked = caseOf({ path: chart.path, extras: [] }, JSON.stringify(values), chart.name);
        const helm = await oracle.render(asked);
        const verdict = await compareAnswers(helm, await renderOurs(asked), () => oracle.render(asked));
        // The second is for charts that ask for random text: then the lines that Helm itself repeats.
        expect(['identical', 'stable-lines-identical']).toContain(verdict.kind);
      }
    });

    test('is installed, upgraded, rolled back and deleted without a trace', async () => {
      const { controlPlane } = coxswain;
      const stored = await storeChart(controlPlane, chart.archive);
      const tenant = await coxswain.tenant({ prefix: 'charts', rights: 'trusted' });
      const name = chart.name;
      const release = tenant.release(name);
      const planned = await dryRun(chart, stored, tenant);
      const before = new Set(await everything());

      await tenant.apply(name, stored, { values: chart.values });
      const installed = await release.ready();
      expect(installed.status).toMatchObject({ version: 1, health: 'Green', message: '' });
      const notGreen = installed.status?.resources?.filter(({ health }) => health !== 'Green');
      expect(notGreen).toEqual([]);
      const [first] = await release.histories();
      expect(await recordedObjects(tenant, first)).toEqual(planned);

      if (chart.upgrade) {
        await release.patch({ values: chart.upgrade.values });
        await release.until(({ status }) => status?.version === 2);
        await release.ready();
        const [, second] = await release.histories();
        // With its second replica a chart may add a PodDisruptionBudget too.
        expect(second?.spec.changes?.map(({ change, to }) => [change, to])).toContainEqual(['Changed', '2']);

        await release.patch({ version: 1 });
        await release.until(({ status }) => status?.version === 1);
        const back = await release.ready();
        expect(conditionOf(back, 'Ready')?.reason).toBe('RollbackSucceeded');
        expect(back.spec.version).toBe(1);
        expect(back.spec.values ?? {}).toEqual(chart.values);
        expect(await release.histories()).toHaveLength(2);
      }

      await release.delete();
      const left = async (): Promise<string[]> =>
        (await everything()).filter((each) => !before.has(each) && !isExpected(each));
      await eventually(left, isEmpty, COLLECTOR_PATIENCE);
      expect(await everything(`--selector=coxswain.dev/release=${name}`)).toEqual([]);
    }, 240_000);
  },
);

/** What real Helm would install, with the values and the capabilities of this very cluster. */
async function dryRun(chart: PublicChart, stored: StoredChart, { namespace }: Tenant): Promise<object[]> {
  const { helm } = await ensureBinaries(['helm']);
  const values = join(dirname(chart.path), `${chart.name}-values.json`);
  await writeFile(values, JSON.stringify(chart.values));
  const reference = `${stored.registry}/${stored.name}`;
  const source = [reference, '--version', stored.version, '--plain-http', '--values', values];
  const options = ['--namespace', namespace, '--dry-run=server', '--output=json'];
  const env = { KUBECONFIG: coxswain.controlPlane.kubeconfig };
  const { manifest } = JSON.parse(await succeed(helm, ['install', chart.name, ...source, ...options], env)) as {
    manifest: string;
  };
  const documents = manifest.split(/^---\n/m).slice(1);
  const sourced = documents.map((text) => ({
    source: /^# Source: (.*)$/m.exec(text)?.[1],
    object: readYaml(text) as JsonObject | null,
  }));
  // Of a document that holds nothing but comments Helm makes nothing.
  return sourced.filter(({ object }) => object !== null);
}

/** The objects of a recorded version, as its chunks hold them. */
async function recordedObjects({ kubectl }: Tenant, history: ReleaseHistory | undefined): Promise<object[]> {
  const chunks = (history?.spec.chunks ?? []).map(async ({ name }) => {
    const secret = await kubectl.json<KubeObject>('get', 'secret', name);
    return Buffer.from((secret['data'] as { chunk: string }).chunk, 'base64');
  });
  const bytes = gunzipSync(Buffer.concat(await Promise.all(chunks)));
  return (JSON.parse(bytes.toString('utf8')) as { objects: object[] }).objects;
}

/** Kind, namespace and name of all that can be deleted, in all namespaces. */
async function everything(...selector: string[]): Promise<string[]> {
  const { kubectl } = coxswain;
  const types = (await kubectl('api-resources', '--verbs=list,delete', '--output=name')).trim().split('\n');
  const lasting = types.filter((type) => !/^(events|leases)\b/.test(type));
  const line = '{.kind}/{.metadata.namespace}/{.metadata.name}{"\\n"}';
  const format = `--output=jsonpath={range .items[*]}${line}{end}`;
  const found = await kubectl('get', lasting.join(','), '--all-namespaces', ...selector, format);
  return found
    .split('\n')
    .filter((each) => each !== '')
    .toSorted();
}

/** What is no part of a Release: what comes with a namespace, and the volumes that a deleted StatefulSet leaves, by Kubernetes' rule. */
function isExpected(object: string): boolean {
  return /^(PersistentVolumeClaim|PersistentVolume)\/|^ConfigMap\/.*\/kube-root-ca.crt$|^ServiceAccount\/.*\/default$/.test(
    object,
  );
}

function isEmpty(left: string[]): boolean {
  expect(left).toEqual([]);
  return true;
}
