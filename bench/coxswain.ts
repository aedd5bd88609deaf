import { gunzipSync } from 'node:zlib';
import {
  countedWhenQuiet,
  markAudit,
  requestsSince,
  type AuditMark,
  type TimedRequest,
} from '../test/support/cluster/audit.ts';
import { releaseOf, viewRelease, type Installation, type ReleaseView } from '../test/support/cluster/installation.ts';
import { type PublicChart } from '../test/support/charts/public-charts.ts';
import { storeChart } from '../test/support/charts/registry.ts';
import { measuresOf, type Action, type Measures, type Sample } from './measure.ts';
import { createTenant } from '../test/support/cluster/tenant.ts';

/** What Coxswain needed for a chart, and what the chart holds. */
export interface CoxswainMeasures {
  readonly measures: Measures;
  readonly content: ChartContent;
}

/** How many objects a chart renders besides its hooks, and the events of each hook. */
export interface ChartContent {
  readonly objects: number;
  readonly hooks: readonly (readonly string[])[];
}

const NAME = 'bench';
const PATIENCE = { timeoutMs: 120_000 };

/** Takes a chart through its life by a Release, `runs` times, each in a namespace of its own. */
export async function measureCoxswain(
  installation: Installation,
  chart: PublicChart,
  runs: number,
): Promise<CoxswainMeasures> {
  const samples: Sample[] = [];
  let content: ChartContent = { objects: 0, hooks: [] };
  for (let run = 0; run < runs; run++) {
    const namespace = await createTenant(installation.kubectl, 'bench', 'trusted');
    const release = viewRelease(installation.kubectl, namespace, NAME);
    for (const [action, perform] of await actionsOf(installation, chart, namespace, release)) {
      if (action === 'uninstall') content = await contentOf(installation, namespace, release);
      const mark = await markAudit(installation.controlPlane);
      await perform();
      const requests = await countedWhenQuiet('coxswain', mark);
      samples.push({ action, requests, timesMs: await timesOf(mark, requests) });
    }
  }
  return { measures: measuresOf(samples), content };
}

async function actionsOf(
  { kubectl, controlPlane }: Installation,
  chart: PublicChart,
  namespace: string,
  release: ReleaseView,
): Promise<[Action, () => Promise<void>][]> {
  const stored = await storeChart(controlPlane, chart.archive);
  const target = ['--namespace', namespace];
  const readyAt = async (version: number): Promise<void> => {
    await release.until(({ status }) => status?.version === version, PATIENCE);
    await release.ready(PATIENCE);
  };
  const install = async (): Promise<void> => {
    await kubectl.apply(releaseOf(namespace, NAME, stored, { values: chart.values }));
    await readyAt(1);
  };
  const touch = async (): Promise<void> => {
    await kubectl('label', 'release', NAME, 'touched=yes', ...target);
    await kubectl('label', 'namespace', namespace, 'touched=yes');
    await kubectl('label', 'pods', '--all', 'touched=yes', ...target);
  };
  const upgrade = async (): Promise<void> => {
    await release.patch({ values: chart.upgrade?.values ?? {} });
    await readyAt(2);
  };
  const rollback = async (): Promise<void> => {
    await release.patch({ version: 1 });
    await readyAt(1);
  };
  const uninstall = async (): Promise<void> => {
    await kubectl('delete', 'release', NAME, ...target, '--timeout=120s');
  };
  const changes: [Action, () => Promise<void>][] = [
    ['upgrade', upgrade],
    ['rollback', rollback],
  ];
  return [['install', install], ['no-op', touch], ...(chart.upgrade ? changes : []), ['uninstall', uninstall]];
}

/** What the chart holds, going by the record of the version that is there. */
async function contentOf({ kubectl }: Installation, namespace: string, release: ReleaseView): Promise<ChartContent> {
  const [first] = await release.histories();
  const secrets = (first?.spec.chunks ?? []).map(async ({ name }) =>
    kubectl.json<{ data: { chunk: string } }>('get', 'secret', name, '--namespace', namespace),
  );
  const bytes = (await Promise.all(secrets)).map(({ data }) => Buffer.from(data.chunk, 'base64'));
  const record = JSON.parse(gunzipSync(Buffer.concat(bytes)).toString('utf8')) as {
    objects: unknown[];
    crds: unknown[];
    hooks: { events: string[] }[];
  };
  const { objects, crds, hooks } = record;
  return { objects: objects.length + crds.length, hooks: hooks.map(({ events }) => events) };
}

/** From the user's request to the last write that is not one of the status, and to the last write of all. */
async function timesOf(mark: AuditMark, requests: readonly TimedRequest[]): Promise<number[]> {
  const asked = (await requestsSince(mark)).find(
    ({ userAgent, verb }) => userAgent?.startsWith('kubectl') && verb !== 'get',
  );
  const begun = Date.parse(asked?.requestReceivedTimestamp ?? '');
  const since = (of: readonly TimedRequest[]): number => {
    const last = of.at(-1);
    return last ? Math.max(0, Date.parse(last.stageTimestamp) - begun) : 0;
  };
  const applied = requests.filter(({ objectRef }) => objectRef?.subresource !== 'status');
  return [since(applied), since(requests)];
}
