import { isDeepStrictEqual } from 'node:util';
import type { AskedOfCluster, Capabilities } from '../../../chart-renderer/index.ts';
import type { ClusterAnswers } from '../../../crds/index.ts';
import type { Offer } from '../../../kube/index.ts';
import { digestOfJson, groupOf, listed, withoutUndefined } from '../../../resources/index.ts';

/**
 * What a cluster answers to what a rendering asked; undefined if it asked nothing. Where a name shows a secret, the whole list is answered
 * for instead.
 */
export function answersTo(
  asked: AskedOfCluster | undefined,
  offer: Offer,
  isSecret: (name: string) => boolean = () => false,
): ClusterAnswers | undefined {
  if (!asked) return undefined;
  const list = asked.list || asked.names.some(isSecret);
  return answersOf({ ...asked, names: list ? [] : asked.names, list }, offer);
}

function answersOf({ kubeVersion, names, list }: AskedOfCluster, offer: Offer): ClusterAnswers {
  return withoutUndefined({
    kubeVersion: kubeVersion ? offer.kubeVersion.gitVersion : undefined,
    served: ifAny(names.filter((name) => offer.names.has(name))),
    absent: ifAny(names.filter((name) => !offer.names.has(name))),
    list: list ? offer.digest : undefined,
  });
}

/** What a cluster answers to the same questions. */
export function answersNow(before: ClusterAnswers, offer: Offer): ClusterAnswers {
  const { kubeVersion, served = [], absent = [], list } = before;
  const names = [...served, ...absent].sort();
  return answersOf({ kubeVersion: kubeVersion !== undefined, names, list: list !== undefined }, offer);
}

/**
 * The digest of the answers if they are other ones by now; undefined if they are not, or if a server does not answer whose kinds were asked
 * for: what is rendered without these would be rendered again once it does.
 */
export function digestOfOthers(before: ClusterAnswers, offer: Offer): string | undefined {
  if (lacksSilentKinds(before, offer)) return undefined;
  const now = answersNow(before, offer);
  return isDeepStrictEqual(now, before) ? undefined : digestOfJson(now);
}

function lacksSilentKinds({ served = [], list }: ClusterAnswers, { names, silentGroups }: Offer): boolean {
  if (silentGroups.size === 0) return false;
  return list !== undefined || served.some((name) => !names.has(name) && silentGroups.has(groupOf(name)));
}

/** How many names are said, and in how many characters in all: a description has room for 1,024. */
const MAX_NAMED = 5;
const MAX_CHARS = 400;

/** Says in words which answers differ. */
export function changeInWords(before: ClusterAnswers, now: ClusterAnswers): string {
  return contradictionInWords(before, now) ?? 'the cluster has changed';
}

/** Says in words which answers to the same questions differ; undefined where none does: other questions say nothing about the cluster. */
export function contradictionInWords(before: ClusterAnswers, now: ClusterAnswers): string | undefined {
  const appeared = (now.served ?? []).filter((name) => before.absent?.includes(name));
  const disappeared = (now.absent ?? []).filter((name) => before.served?.includes(name));
  const changes = [
    ...(isOther(before.kubeVersion, now.kubeVersion)
      ? [`Kubernetes is ${now.kubeVersion}, not ${before.kubeVersion}`]
      : []),
    ...(appeared.length === 0 ? [] : [`${listed(appeared, MAX_NAMED)} is served now`]),
    ...(disappeared.length === 0 ? [] : [`${listed(disappeared, MAX_NAMED)} is not served any more`]),
    ...(isOther(before.list, now.list) ? ['the list of APIs has changed'] : []),
  ];
  if (changes.length === 0) return undefined;
  const words = changes.join('; ');
  return words.length > MAX_CHARS ? `${words.slice(0, MAX_CHARS)}…` : words;
}

function isOther(before: string | undefined, now: string | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}

/** What a chart may ask of the cluster. */
export function capabilitiesOf({ kubeVersion, names }: Offer): Capabilities {
  return { kubeVersion, apiVersions: [...names] };
}

/** The same, with the answers that were given before; undefined where they are not known one by one. */
export function capabilitiesBefore(before: ClusterAnswers, offer: Offer): Capabilities | undefined {
  const { kubeVersion, served = [], absent = [], list } = before;
  if (list !== undefined) return undefined;
  const names = new Set([...offer.names, ...served]);
  for (const name of absent) names.delete(name);
  const isSame = kubeVersion === undefined || kubeVersion === offer.kubeVersion.gitVersion;
  const then = isSame ? offer.kubeVersion : serverVersionOf(kubeVersion, offer.kubeVersion);
  return { kubeVersion: then, apiVersions: [...names].sort() };
}

/** Its numbers are written as those of the server are now: some say `29+`. */
function serverVersionOf(gitVersion: string, now: Offer['kubeVersion']): Offer['kubeVersion'] {
  const [, major = '', minor = ''] = /^v?(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return { gitVersion, major, minor: now.minor.endsWith('+') ? `${minor}+` : minor };
}

function ifAny(names: readonly string[]): string[] | undefined {
  return names.length === 0 ? undefined : [...names];
}
