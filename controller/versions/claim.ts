import { FINALIZER, GROUP_VERSION, VERSION_MANAGER, type Release, type ReleaseContent } from '../../crds/index.ts';
import { isKubeError, type JsonPatchOperation, type KubeClient } from '../../kube/index.ts';
import type { Context, Pass } from '../pass/context.ts';
import { present } from '../pass/present.ts';
import { RELEASES } from '../pass/resources.ts';

/**
 * Sees to it that the spec says which version is in force, and that a deletion waits for the controller, by server-side
 * apply; Conflict where the Release was edited since it was read.
 */
export async function claimVersion(context: Context, pass: Pass, version: number): Promise<void> {
  const { name, namespace, resourceVersion, finalizers } = pass.release.metadata;
  if (pass.release.spec.version === version && finalizers?.includes(FINALIZER)) return;
  const body = {
    apiVersion: GROUP_VERSION,
    kind: 'Release',
    metadata: { name, namespace, resourceVersion, finalizers: [FINALIZER] },
    spec: { version },
  } as unknown as Release;
  adopt(context, pass, await context.client.apply(RELEASES, body, { fieldManager: VERSION_MANAGER, force: true }));
}

/** Overwrites the spec's content, and whose signatures are asked for stays; Conflict where the Release was edited since it was read. */
export async function overwriteContent(context: Context, pass: Pass, content: ReleaseContent): Promise<void> {
  const { name, namespace, resourceVersion } = pass.release.metadata;
  const { verify } = pass.release.spec.chart;
  const operations: JsonPatchOperation[] = [
    // Makes the API server compare it with the stored one.
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    { op: 'replace', path: '/spec/chart', value: present({ ...content.chart, verify }) },
    ...replaced('/spec/values', pass.release.spec.values, content.values),
    ...replaced('/spec/valuesFrom', pass.release.spec.valuesFrom, content.valuesFrom),
    ...replaced('/spec/generatedValues', pass.release.spec.generatedValues, content.generatedValues),
  ];
  const options = { fieldManager: VERSION_MANAGER };
  adopt(context, pass, await context.client.patchJson<Release>(RELEASES, namespace, name, operations, options));
}

/** Lets a Release go once nothing of it is left to do; one that is gone already is fine. */
export async function releaseFinalizer(context: Context, { key, release }: Pass): Promise<void> {
  const { name, namespace } = release.metadata;
  const others = await withoutFinalizer(context.client, release);
  context.log('info', 'deleted', { release: key, ...context.writes.take(key) });
  // It is gone now: another pass on what the cache still has would only meet a 404.
  if (others.length === 0) context.releases.forget(namespace, name);
}

/** Takes the finalizer away, whoever writes the Release meanwhile, and returns the other ones. */
async function withoutFinalizer(client: KubeClient, release: Release): Promise<string[]> {
  const { name, namespace, uid, resourceVersion, finalizers = [] } = release.metadata;
  const others = finalizers.filter((finalizer) => finalizer !== FINALIZER);
  const patch = { metadata: { resourceVersion, finalizers: others } };
  try {
    await client.patchMerge(RELEASES, namespace, name, patch, { fieldManager: VERSION_MANAGER });
    return others;
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return [];
    if (!isKubeError(error, 'Conflict')) throw error;
  }
  const now = await client.list<Release>(RELEASES, namespace, { fieldSelector: `metadata.name=${name}` });
  const same = now.find(({ metadata }) => metadata.uid === uid);
  return same ? withoutFinalizer(client, same) : [];
}

function adopt(context: Context, pass: Pass, stored: Release): void {
  context.releases.store(stored);
  pass.release = stored;
}

function replaced(path: string, before: unknown, after: unknown): JsonPatchOperation[] {
  if (after !== undefined) return [{ op: 'add', path, value: after }];
  return before === undefined ? [] : [{ op: 'remove', path }];
}
