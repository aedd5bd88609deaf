import type { Release } from '../../../crds/index.ts';
import type { Change } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { RELEASES, releaseOf } from '../../cluster.ts';
import type { Cluster } from '../../cluster.ts';
import { CliError } from '../../errors.ts';
import { printable } from '../../terminal.ts';
import type { Terminal } from '../../terminal.ts';

/** Follows a Release that is being deleted until it is gone. Throws CliError NotReady with what holds it up after the timeout. */
export async function waitUntilGone(
  { client, namespace }: Cluster,
  { metadata: { name, uid } }: Release,
  timeoutMs: number,
  terminal: Terminal,
): Promise<void> {
  const { startInformer } = await import('../../../kube/index.ts');
  const gone = Promise.withResolvers<void>();
  let last = '';
  const onChange = ({ type, object }: Change<KubeObject>): void => {
    if (type === 'deleted' || object.metadata.uid !== uid) return gone.resolve();
    const message = printable(releaseOf(object).status?.message ?? '');
    if (message !== last && message !== '') terminal.err(message);
    last = message;
  };
  const fieldSelector = `metadata.name=${name}`;
  const informer = startInformer({ client, resource: RELEASES, namespace, fieldSelector, onChange });
  informer.synced.then(() => informer.get(namespace, name) === undefined && gone.resolve(), gone.reject);
  const timer = setTimeout(() => {
    const why = last === '' ? 'is the controller running?' : last;
    gone.reject(new CliError('NotReady', `release "${name}" is still being deleted: ${why}`));
  }, timeoutMs);
  try {
    await gone.promise;
  } finally {
    clearTimeout(timer);
    informer.stop();
  }
}
