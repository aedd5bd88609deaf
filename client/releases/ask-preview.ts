import { GROUP_VERSION } from '../../crds/index.ts';
import type { ReleasePreview, ReleasePreviewSpec, ReleaseSpec } from '../../crds/index.ts';
import type { Change } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { PREVIEWS, type Cluster } from './cluster.ts';
import { ClientError, printable } from '../messages/index.ts';

/** What is asked: the API server fills in what the spec leaves to its defaults. */
export interface PreviewQuestion extends Pick<ReleasePreviewSpec, 'release'> {
  readonly template?: { readonly spec: Partial<ReleaseSpec> };
}

const WAIT_MS = 60_000;

/**
 * Asks the controller what a change would do, as the user, and returns the answer; the ReleasePreview is deleted again, unless it may not
 * be. Throws ClientError NotReady if no answer comes within a minute, or until it is `abandoned`; KubeError.
 */
export async function askPreview(
  cluster: Cluster,
  question: PreviewQuestion,
  abandoned?: AbortSignal,
): Promise<ReleasePreview> {
  const { client, namespace } = cluster;
  const metadata = {
    generateName: `${question.release.slice(0, 40)}-`,
    namespace,
  } as unknown as KubeObject['metadata'];
  const asked: KubeObject = { apiVersion: GROUP_VERSION, kind: 'ReleasePreview', metadata, spec: question };
  const created = await client.create(PREVIEWS, asked, { fieldManager: 'kubectl-release' });
  try {
    return await answerTo(cluster, created.metadata.name, abandoned);
  } finally {
    // The controller deletes it after some minutes anyway.
    await client.remove(PREVIEWS, namespace, created.metadata.name).catch(() => undefined);
  }
}

async function answerTo(
  { client, namespace }: Cluster,
  name: string,
  abandoned: AbortSignal | undefined,
): Promise<ReleasePreview> {
  const { startInformer } = await import('../../kube/index.ts');
  const ended = Promise.withResolvers<ReleasePreview>();
  let why = 'is it running?';
  const onChange = ({ type, object }: Change<KubeObject>): void => {
    const preview = object as unknown as ReleasePreview;
    const [condition] = preview.status?.conditions ?? [];
    if (condition) why = `${condition.reason}: ${condition.message}`;
    if (preview.status?.observedGeneration !== undefined) ended.resolve(preview);
    else if (type === 'deleted') ended.reject(new ClientError('NotFound', `the preview "${name}" was deleted`));
  };
  const fieldSelector = `metadata.name=${name}`;
  const informer = startInformer({ client, resource: PREVIEWS, namespace, fieldSelector, onChange });
  informer.synced.catch(ended.reject);
  const timer = setTimeout(() => {
    ended.reject(new ClientError('NotReady', `no answer from the controller within a minute: ${printable(why)}`));
  }, WAIT_MS);
  const abandon = (): void => ended.reject(new ClientError('NotReady', 'nobody waits for the answer any more'));
  abandoned?.addEventListener('abort', abandon);
  try {
    if (abandoned?.aborted === true) abandon();
    return await ended.promise;
  } finally {
    clearTimeout(timer);
    abandoned?.removeEventListener('abort', abandon);
    informer.stop();
  }
}
