import type { Release } from '../../../crds/index.ts';
import type { KubeClient } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { RELEASES, releaseOf } from '../../cluster.ts';
import type { ExitCode } from '../../command.ts';
import { liveText } from './live-text.ts';
import type { Terminal } from '../../terminal.ts';

/** Which Releases are followed. */
interface Followed {
  readonly client: KubeClient;
  readonly namespace: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** Changes that come together are shown together. */
const PAUSE_MS = 100;

/** Prints what is made of the Releases whenever it differs, until the process is ended. Rejects with KubeError where they may not be read. */
export async function follow(
  followed: Followed,
  print: (releases: readonly Release[]) => string,
  terminal: Terminal,
): Promise<ExitCode> {
  const { startInformer } = await import('../../../kube/index.ts');
  const live = liveText(terminal);
  let timer: NodeJS.Timeout | undefined;
  const show = (): void => {
    timer = undefined;
    live.show(print(informer.list().map(releaseOf)));
  };
  const soon = (): void => void (timer ??= setTimeout(show, PAUSE_MS));
  const informer = startInformer<KubeObject>({
    ...followed,
    resource: RELEASES,
    onChange: soon,
    onError: (error) => terminal.err(`${error instanceof Error ? error.message : String(error)}`),
  });
  await informer.synced;
  soon();
  return new Promise<ExitCode>(() => undefined);
}
