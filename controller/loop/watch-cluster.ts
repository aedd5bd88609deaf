import { discover, followOffer, type FollowedOffer, type KubeClient } from '../../kube/index.ts';
import type { DeployServices } from '../deploy/services.ts';
import { errorFacts, type Log } from '../pass/log.ts';
import { KnownAnswers } from '../versions/cluster/known-answers.ts';

/** How the cluster is followed. */
export interface ClusterOptions {
  client: KubeClient;
  /** How often to look for changes in what the cluster serves, if charts have asked for that. */
  discoveryIntervalMs: number;
  log: Log;
}

/** Follows what the cluster serves, as long as Releases depend on it. */
export function watchCluster(
  { client, discoveryIntervalMs: intervalMs, log }: ClusterOptions,
  enqueue: (key: string) => void,
): Pick<DeployServices, 'discovery' | 'answers'> & { offered: FollowedOffer } {
  const discovery = discover(client);
  const answers = new KnownAnswers();
  const offered = followOffer(discovery, {
    intervalMs,
    isWanted: () => answers.hasAny,
    onChange: (offer) => answers.differing(offer).forEach(enqueue),
    onError: (error) => log('warn', 'discovery failed', errorFacts(error)),
  });
  return { discovery, answers, offered };
}
