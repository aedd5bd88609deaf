import { askPreview, verdictOf } from '../../../client/releases/index.ts';
import type { Release, ReleaseHistory } from '../../../crds/index.ts';
import type { Cluster } from '../../cluster.ts';

/** Previews that the controller is asked for at a time. */
const AT_A_TIME = 4;

/**
 * Whether the Release could go to each of its recorded versions now, by number: `possible`, or why not; found out by the controller by dry
 * run. Throws CliError NotReady if it does not answer; KubeError.
 */
export async function rollbackChecks(
  cluster: Cluster,
  { metadata, spec, status }: Release,
  histories: readonly ReleaseHistory[],
): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  const versions = histories.map((history) => history.spec.version).filter((version) => version !== status?.version);
  const check = async (version: number): Promise<void> => {
    const preview = await askPreview(cluster, { release: metadata.name, template: { spec: { ...spec, version } } });
    found.set(version, verdictOf(preview.status ?? {}));
  };
  const waiting = versions.values();
  const worker = async (): Promise<void> => {
    for (const version of waiting) await check(version);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return found;
}
