import { readFile } from 'node:fs/promises';
import type { ApiResource } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { CONFIG_MAPS, SECRETS, type Cluster } from '../cluster.ts';
import { CliError, reasonOf } from '../errors.ts';
import { decodeRelease, type StoredRelease } from './stored-release.ts';

/** Helm's default storage first. */
const DRIVERS = [SECRETS, CONFIG_MAPS];

/** A revision, and the object that holds it; none for one that was read from a file. */
export interface StoredRevision {
  readonly release: StoredRelease;
  readonly object?: { readonly resource: ApiResource; readonly name: string };
}

/**
 * The revisions of the Helm releases of a namespace, or of one of them, oldest first: from Secrets or, where there are none, ConfigMaps.
 * Throws CliError, KubeError.
 */
export async function readStorage({ client, namespace }: Cluster, name?: string): Promise<StoredRevision[]> {
  const labelSelector = name === undefined ? 'owner=helm' : `owner=helm,name=${name}`;
  for (const resource of DRIVERS) {
    const objects = await client.list(resource, namespace, { labelSelector });
    const revisions: StoredRevision[] = [];
    for (const object of objects) {
      const place = { resource, name: object.metadata.name };
      revisions.push({ release: await decodeRelease(textIn(object), `${resource.kind}/${place.name}`), object: place });
    }
    if (revisions.length > 0) return inOrder(revisions);
  }
  return [];
}

/**
 * The revisions in a file with one on each line, as Helm's SQL driver has them in the column `body`, oldest first. Throws CliError.
 */
export async function readExported(path: string, name?: string): Promise<StoredRevision[]> {
  let text = '';
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new CliError('Unreadable', `${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const releases = await Promise.all(lines.map((line, index) => decodeRelease(line, `${path}:${index + 1}`)));
  const chosen = releases.filter((release) => name === undefined || release.name === name);
  return inOrder(chosen.map((release) => ({ release })));
}

function inOrder(revisions: readonly StoredRevision[]): StoredRevision[] {
  return revisions.toSorted((a, b) => a.release.version - b.release.version);
}

/** Secrets have it encoded once more. */
function textIn({ kind, ...object }: KubeObject): string {
  const { release = '' } = (object['data'] ?? {}) as { release?: string };
  return kind === 'Secret' ? Buffer.from(release, 'base64').toString('utf8') : release;
}
