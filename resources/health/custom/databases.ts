import { numberAt, textAt } from '../../json/json.ts';
import type { KubeObject } from '../../types.ts';
import type { Verdict } from '../verdict.ts';
import { GREEN, red, yellow } from '../verdict.ts';

/** What the operator of MySQL says of a cluster that does not serve writes, or of which it cannot say. */
const MYSQL_BROKEN = /^(OFFLINE|NO_QUORUM|SPLIT_BRAIN|INVALIDATED|UNKNOWN)$/;

/** Oracle's InnoDBCluster, which reports neither conditions nor a phase: serving with all members, with some of them, or not. */
export function mysqlClusterHealth(cluster: KubeObject): Verdict {
  const state = textAt(cluster, 'status', 'cluster', 'status');
  if (state === undefined) return yellow('has no status yet: no controller has observed it');
  const online = numberAt(cluster, 'status', 'cluster', 'onlineInstances') ?? 0;
  const wanted = numberAt(cluster, 'spec', 'instances') ?? 1;
  const words = `${state}: ${online} of ${wanted} members are online`;
  if (MYSQL_BROKEN.test(state)) return red(words);
  return state === 'ONLINE' && online >= wanted ? GREEN : yellow(words);
}
