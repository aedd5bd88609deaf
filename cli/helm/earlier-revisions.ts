import { createHash } from 'node:crypto';
import { DEFAULT_HELM_VERSION, loadChart, type HelmVersion } from '../../chart-renderer/index.ts';
import {
  GROUP_VERSION,
  HELM_REVISION_ANNOTATION,
  RELEASE_LABEL,
  historyName,
  type ReleaseHistory,
} from '../../crds/index.ts';
import {
  chunkName,
  chunkSecret,
  contentDigest,
  encodeRecord,
  referenceOf,
  secretsOfRecord,
  type Chunk,
  type VersionRecord,
} from '../../records/index.ts';
import { digestOfJson, maskFor, textsToMask, type KubeObject } from '../../resources/index.ts';
import { HISTORIES, SECRETS } from '../cluster.ts';
import { CliError, reasonOf } from '../errors.ts';
import { createOnce, type Stored } from '../release/backup/create-once.ts';
import { ownedChunk } from '../release/backup/exported-objects.ts';
import { adoptedChart, type AdoptedChart, type AdoptedChartFlags } from './adopted-chart.ts';
import { comparisonOf, renderAgain, storedManifests, storedObjects, type ServedCluster } from './rendering.ts';
import type { StoredRelease } from './stored-release.ts';

/** A revision of Helm before the deployed one, with its chart. */
export interface EarlierRevision {
  readonly release: StoredRelease;
  readonly chart: AdoptedChart;
}

/** The revisions whose chart can be had, and for the others why not. */
export interface FoundRevisions {
  readonly found: readonly EarlierRevision[];
  readonly leftOut: readonly string[];
}

/**
 * Finds the charts of revisions before the deployed one: the same chart if its version is the same, otherwise in the registry or, without
 * one, in what Helm has stored.
 */
export async function withCharts(
  earlier: readonly StoredRelease[],
  deployed: EarlierRevision,
  flags: AdoptedChartFlags,
): Promise<FoundRevisions> {
  const found: EarlierRevision[] = [];
  const leftOut: string[] = [];
  for (const release of earlier) {
    try {
      const chart = isSameChart(release, deployed.release)
        ? deployed.chart
        : await adoptedChart(release, { ...flags, chart: undefined, version: undefined });
      found.push({ release, chart });
    } catch (error) {
      leftOut.push(`revision ${release.version}: ${reasonOf(error)}`);
    }
  }
  return { found, leftOut };
}

function isSameChart({ chart: { metadata } }: StoredRelease, { chart }: StoredRelease): boolean {
  return metadata.name === chart.metadata.name && metadata.version === chart.metadata.version;
}

/** A revision as a version of the Release: what is recorded of it, its ReleaseHistory, and what its Secrets hold. */
interface EarlierVersion {
  readonly record: VersionRecord;
  readonly history: KubeObject;
  readonly chunks: readonly Chunk[];
}

/** As the definition of ReleaseHistories has it. */
const MAX_CHANGES = 100;
const MAX_DESCRIPTION = 1_024;

/** Those of the revisions that were deployed before this one, the newest `limit` of them, oldest first. */
export function earlierOf(
  revisions: readonly StoredRelease[],
  { version }: StoredRelease,
  limit: number,
): StoredRelease[] {
  const earlier = revisions.filter(({ info, version: one }) => one < version && info.status === 'superseded');
  return limit === 0 ? [] : earlier.slice(-limit);
}

/**
 * Records revisions of Helm as versions, to go back to: with the objects that Helm applied, and what the chart drew at random for them. They
 * have no owner until there is a Release of their name. Where that fails, none is left that has only a part of its record. Throws
 * ChartError, TemplateError, KubeError, CliError if another version of that number is there.
 */
export async function recordEarlier(
  cluster: ServedCluster,
  revisions: readonly EarlierRevision[],
  helmVersion: HelmVersion,
): Promise<void> {
  const versions: EarlierVersion[] = [];
  let before: (EarlierRevision & { record: VersionRecord }) | undefined;
  for (const revision of revisions) {
    const version = await earlierVersion(cluster, revision, helmVersion, before);
    versions.push(version);
    before = { ...revision, record: version.record };
  }
  const stored: Stored[] = [];
  try {
    for (const { history } of versions) stored.push(await createOnce(cluster, HISTORIES, history));
    await storeChunks(cluster, before?.release.name ?? '', versions, stored);
  } catch (error) {
    const left = await takenBack(cluster, stored);
    if (left.length === 0) throw error;
    const what = `versions may lack a part of their records: ReleaseHistory ${left.join(', ')}`;
    const remedy = 'repeat the command once that is corrected, or delete them';
    throw new CliError('NotReady', `${what}: ${reasonOf(error)}; ${remedy}`, { cause: error });
  }
}

/** Deletes the histories that are new, and with them their chunks; returns the names of those that are left. */
async function takenBack({ client, namespace }: ServedCluster, stored: readonly Stored[]): Promise<string[]> {
  const left: string[] = [];
  for (const { object, isNew } of stored) {
    const { name, uid } = object.metadata;
    const isGone =
      isNew &&
      (await client.remove(HISTORIES, namespace, name, uid === undefined ? {} : { uid }).then(
        () => true,
        () => false,
      ));
    if (!isGone) left.push(name);
  }
  return left;
}

async function storeChunks(
  cluster: ServedCluster,
  name: string,
  versions: readonly EarlierVersion[],
  stored: readonly Stored[],
): Promise<void> {
  const histories = stored.map(({ object }) => object);
  const chunks = versions.flatMap((version) => version.chunks);
  for (const chunk of new Map(chunks.map((one) => [one.digest, one])).values()) {
    await createOnce(cluster, SECRETS, ownedChunk(chunkSecret(name, cluster.namespace, chunk), histories));
  }
}

async function earlierVersion(
  cluster: ServedCluster,
  revision: EarlierRevision,
  helmVersion: HelmVersion,
  before: (EarlierRevision & { record: VersionRecord }) | undefined,
): Promise<EarlierVersion> {
  const { release, chart } = revision;
  const { name, version, info } = release;
  const record = await recordOf(cluster, revision, helmVersion);
  const { digest, chunks } = await encodeRecord(record);
  const { content } = record;
  const spec: ReleaseHistory['spec'] = {
    release: name,
    version,
    chart: referenceOf(content),
    ...(content.helmVersion === undefined ? {} : { helmVersion: content.helmVersion }),
    resolved: await resolvedOf(chart, helmVersion),
    digests: { content: contentDigest(content), inputs: digestOfJson([]), record: digest },
    chunks: chunks.map((chunk) => ({ name: chunkName(name, chunk), digest: chunk.digest })),
    cause: 'Edit',
    recordedAt: info.last_deployed ?? new Date(0).toISOString(),
    ...factsOf(release, record, before),
  };
  const metadata = {
    name: historyName(name, version),
    namespace: cluster.namespace,
    labels: { [RELEASE_LABEL]: name },
    annotations: { [HELM_REVISION_ANNOTATION]: String(version) },
  };
  return { record, history: { apiVersion: GROUP_VERSION, kind: 'ReleaseHistory', metadata, spec }, chunks };
}

/** What anybody may see of a revision who may see versions: how it came about, and what it changed. */
function factsOf(
  release: StoredRelease,
  record: VersionRecord,
  before: (EarlierRevision & { record: VersionRecord }) | undefined,
): Pick<ReleaseHistory['spec'], 'description' | 'comparedWith' | 'changes' | 'changesTotal'> {
  const { description, status } = release.info;
  const masked = maskOfRecords(before ? [before.record, record] : [record]);
  const told = `Helm: ${masked(description ?? status)}`.slice(0, MAX_DESCRIPTION).toWellFormed();
  if (before === undefined) return { description: told, changes: [], changesTotal: 0 };
  const options = { max: MAX_CHANGES, masked };
  const { changes, total } = comparisonOf(storedObjects(before.release), storedObjects(release), options);
  return { description: told, comparedWith: before.release.version, changes, changesTotal: total };
}

/** Masks what the Secrets of these revisions hold, or what was drawn at random for them. */
export function maskOfRecords(records: readonly VersionRecord[]): (text: string) => string {
  return maskFor(textsToMask(records.flatMap((record) => [...secretsOfRecord(record)])));
}

/** What is recorded of a revision: the objects as Helm stored them, the rest as it would be of a version that was made of this chart. */
async function recordOf(
  cluster: ServedCluster,
  { release, chart }: EarlierRevision,
  helmVersion: HelmVersion,
): Promise<VersionRecord> {
  const { config, info } = release;
  const values = config ?? {};
  const { bytes, spec } = chart;
  const { remembered = {} } = await renderAgain(cluster, release, { bytes, helmVersion }, storedObjects(release));
  return {
    content: {
      chart: spec,
      ...(helmVersion === DEFAULT_HELM_VERSION ? {} : { helmVersion }),
      ...(Object.keys(values).length === 0 ? {} : { values }),
    },
    values,
    ...storedManifests(release),
    crds: [],
    ...(info.notes === undefined ? {} : { notes: info.notes }),
    ...(Object.keys(remembered).length === 0 ? {} : { remembered }),
  };
}

async function resolvedOf(
  { bytes, digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}` }: AdoptedChart,
  helmVersion: HelmVersion,
): Promise<ReleaseHistory['spec']['resolved']> {
  const { name, version, appVersion } = (await loadChart(bytes, { helmVersion })).metadata;
  return { name, version, ...(appVersion === undefined ? {} : { appVersion }), digest };
}
