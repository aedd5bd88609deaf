import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import type { Json, JsonObject } from '../../../chart-renderer/index.ts';
import { historyName, type ReleaseContent, type ReleaseHistory } from '../../../crds/index.ts';
import { parseJson, textsAndNumbersIn } from '../../../resources/index.ts';
import { HISTORIES, SECRETS, type Cluster } from '../../cluster.ts';
import { CliError, reasonOf } from '../../errors.ts';
import { recordOf } from '../changes.ts';
import { readHistories } from '../history.ts';

/** What a version was made from, as it is recorded; its objects are recorded too, and not read here. */
export interface Recorded {
  readonly content: ReleaseContent;
  /** What was merged for it: all values but the chart's own. */
  readonly values: JsonObject;
  /** The texts and numbers among the values that came from Secrets; absent also where an older version does not tell them. */
  readonly secretValues?: readonly string[];
}

/** The controller records no more. */
const MAX_BYTES = 256 * 1024 * 1024;

/** The ReleaseHistory of a version. Throws CliError NotFound, naming those there are, where it is not recorded; KubeError. */
export async function readHistory(cluster: Cluster, name: string, version: number): Promise<ReleaseHistory> {
  const { isKubeError } = await import('../../../kube/index.ts');
  try {
    return (await cluster.client.get(
      HISTORIES,
      cluster.namespace,
      historyName(name, version),
    )) as unknown as ReleaseHistory;
  } catch (cause) {
    if (!isKubeError(cause, 'NotFound')) throw cause;
    return recordOf(await readHistories(cluster, name), version);
  }
}

/**
 * What a version was made from: JSON, compressed, in the Secrets that its ReleaseHistory names. Throws CliError Unreadable where one of them is
 * gone, may not be read, or is not what was recorded; KubeError.
 */
export async function readRecorded(cluster: Cluster, { spec }: ReleaseHistory): Promise<Recorded> {
  const { base, chunks, digests, version } = spec;
  const bytes = await readStored(cluster, { chunks, digest: digests.record }, version);
  const limit = { maxOutputLength: MAX_BYTES };
  const unzip = async (zipped: Buffer): Promise<Buffer> => promisify(gunzip)(zipped, limit);
  // A record that differs little from another one is compressed with that one as the dictionary.
  const json = base
    ? await promisify(zstdDecompress)(bytes, {
        ...limit,
        dictionary: await unzip(await readStored(cluster, base, version)),
      })
    : await unzip(bytes);
  return parseJson(json.toString('utf8')) as unknown as Recorded;
}

async function readStored(
  cluster: Cluster,
  { chunks, digest }: NonNullable<ReleaseHistory['spec']['base']>,
  version: number,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (const chunk of chunks) pieces.push(await readPiece(cluster, chunk.name, chunk.digest, version));
  const bytes = Buffer.concat(pieces);
  if (digestOf(bytes) !== digest) throw altered(version);
  return bytes;
}

async function readPiece(
  { client, namespace }: Cluster,
  name: string,
  digest: string,
  version: number,
): Promise<Buffer> {
  const { isKubeError } = await import('../../../kube/index.ts');
  try {
    const secret = await client.get<PieceSecret>(SECRETS, namespace, name);
    const bytes = Buffer.from(secret.data?.chunk ?? '', 'base64');
    if (digestOf(bytes) !== digest) throw altered(version);
    return bytes;
  } catch (cause) {
    if (!isKubeError(cause, 'NotFound') && !isKubeError(cause, 'Forbidden')) throw cause;
    const what = `version ${version} is recorded in Secrets, one of which cannot be read`;
    throw new CliError('Unreadable', `${what}: ${reasonOf(cause)}`, { cause });
  }
}

type PieceSecret = Parameters<Cluster['client']['create']>[1] & { data?: { chunk?: string } };

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function altered(version: number): CliError {
  return new CliError(
    'Unreadable',
    `what is stored of version ${version} is not what was recorded: its digest differs`,
  );
}

/** What is shorter would be found everywhere. */
const SHORTEST = 4;

/** The texts and numbers of at least four characters that came from Secrets; where that is not recorded, all. */
export function secretsAmong({ content, values, secretValues }: Recorded): ReadonlySet<string> {
  const isUntold = secretValues === undefined && content.valuesFrom?.some(({ kind }) => kind === 'Secret') === true;
  const texts = isUntold ? [...textsAndNumbersIn(values)] : (secretValues ?? []);
  return new Set(texts.filter((text) => text.length >= SHORTEST));
}

/** The values with `***` in place of each text and number that is a secret. */
export function maskedValues(values: JsonObject, secrets: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, masked(value, secrets)]));
}

function masked(value: Json, secrets: ReadonlySet<string>): Json {
  if (Array.isArray(value)) return value.map((item) => masked(item, secrets));
  if (typeof value === 'object' && value !== null) return maskedValues(value as JsonObject, secrets);
  return isLeaf(value) && secrets.has(String(value)) ? '***' : value;
}

function isLeaf(value: unknown): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}
