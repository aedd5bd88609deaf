import type { Cluster, ClusterStatus, Colour } from './kinds.ts';
import type { Answer } from './member.ts';

/** A member of a cluster, with what it answered, if it did. */
export type Member = { readonly name: string; readonly host: string; readonly answer?: Answer };

/** How long a primary may give no answer before another member takes its place: a restart is shorter, and costs nothing. */
const PATIENCE_SECONDS = 6;

/**
 * Returns which member is to be the primary, or undefined if that cannot be said yet. Where there was none, all members have to answer; where
 * there was one that has been silent for some time, all others have to, and the one that is furthest has to have done what it received: so it
 * has every write that was acknowledged, each of which at least one of them has.
 */
export function choosePrimary(
  previous: string | undefined,
  members: readonly Member[],
  silentSeconds: number,
): string | undefined {
  if (previous !== undefined && silentSeconds < PATIENCE_SECONDS) return previous;
  const others = members.filter(({ name }) => name !== previous);
  const answers = others.flatMap(({ name, answer }) => (answer ? [{ name, ...answer }] : []));
  const [furthest] = answers.toSorted((a, b) => b.received - a.received);
  if (answers.length < others.length || furthest === undefined || furthest.done < furthest.received) return previous;
  return furthest.name;
}

/**
 * Returns what has to be done with a member so that it is what it should be. One that takes writes although it is not the primary is restarted,
 * since it then takes none; one that cannot copy, and says why, is left for people to look at.
 */
export function correctionOf(member: Member, primary: Member): 'lead' | 'follow' | 'restart' | undefined {
  const { answer } = member;
  if (answer === undefined) return undefined;
  if (member.name === primary.name) {
    return answer.isWritable && answer.isSafe && answer.follows === undefined ? undefined : 'lead';
  }
  if (answer.isWritable) return 'restart';
  if (answer.follows !== primary.host) return 'follow';
  return answer.isStopped && answer.error === '' ? 'follow' : undefined;
}

/** Returns what there is to say of a cluster; `primary` is undefined until there has been one. */
export function statusOf(cluster: Cluster, primary: string | undefined, members: readonly Member[]): ClusterStatus {
  const states = members.map((member) => ({ name: member.name, state: memberState(member, primary, members) }));
  const ready = states.filter(({ state }) => state === 'Primary' || state === 'Replica').length;
  const isServing = states.some(({ state }) => state === 'Primary') && ready > 1;
  const hasServed = isServing || cluster.status?.serving !== undefined;
  const { generation } = cluster.metadata;
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(primary === undefined ? {} : { primary }),
    ...(hasServed ? { serving: isServing, health: colourOf(isServing, ready, cluster.spec.members) } : {}),
    ready,
    message: `${ready} of ${cluster.spec.members} members are ready; ${primary === undefined ? 'no primary yet' : `the primary is ${primary}`}`,
    members: states,
  };
}

/** Serving with all members, serving without some, not serving. */
function colourOf(isServing: boolean, ready: number, wanted: number): Colour {
  if (!isServing) return 'Red';
  return ready === wanted ? 'Green' : 'Yellow';
}

function memberState({ name, answer }: Member, primary: string | undefined, members: readonly Member[]): string {
  if (answer === undefined) return 'NoAnswer';
  if (name === primary) return answer.isWritable && answer.isSafe ? 'Primary' : 'Waiting';
  const host = members.find((member) => member.name === primary)?.host;
  if (answer.isCopying && answer.follows === host) return 'Replica';
  return answer.error === '' ? 'Waiting' : answer.error;
}
