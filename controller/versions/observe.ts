import { reconcileTokenOf, type Release, type ReleaseHistory } from '../../crds/index.ts';
import { isKubeError } from '../../kube/index.ts';
import { unpackInSteps } from '../../resources/index.ts';
import { inTurns } from '../../turns/index.ts';
import { isNamedAfter, isOwnedBy, isUnowned } from '../history/owned-versions.ts';
import type { Observed } from '../pass/observed.ts';
import type { SourceText } from '../pass/failures/source-text.ts';
import type { AccountServices } from '../plan/services.ts';
import type { VersionServices } from './services.ts';
import { nameOf, namespaceOf } from '../pass/key.ts';
import { userOf } from '../pass/ownership.ts';
import { hasUsableAccount } from '../plan/account.ts';
import { RELEASES } from '../pass/resources.ts';
import { isOutline } from './release-memory.ts';
import type { Observation } from './state.ts';
import { inputsDigest, textsOf } from './inputs/values.ts';

/** The Release of a key with its histories as the caches have them; undefined if it is gone. Throws KubeError. */
export async function beginPass(
  services: AccountServices & Pick<VersionServices, 'releases' | 'secrets' | 'versions'>,
  key: string,
): Promise<Observed | undefined> {
  const release = await wholeRelease(services, key);
  if (!release) return undefined;
  services.secrets.begin(key, release);
  const token = unansweredToken(release);
  return { key, ...identityOf(services, release), release, token, histories: await historiesOf(services, release) };
}

/** The service account that a Release acts as: whatever is written as it needs it to exist at that moment. */
export function identityOf(services: AccountServices, release: Release): Pick<Observed, 'user' | 'tenant'> {
  const user = userOf(release);
  const mayWrite = (): boolean => hasUsableAccount(services, release);
  const why = `service account ${release.spec.serviceAccountName} does not exist`;
  return { user, tenant: services.client.as(user).fencedBy(mayWrite, why) };
}

/** A suspended Release answers once it goes on. */
function unansweredToken({ metadata, spec, status }: Release): string | undefined {
  const token = reconcileTokenOf(metadata);
  return spec.suspend || token === status?.lastHandledReconcile ? undefined : token;
}

/** An observation with the texts that valuesFrom stands for. */
export interface ObservationWithValues extends Observation {
  texts: SourceText[];
}

/** The whole Release of a key; read from the API server if there was no room to keep all of it; undefined if it is gone. Throws KubeError. */
export async function wholeRelease(
  { releases, client }: Pick<VersionServices, 'client' | 'releases'>,
  key: string,
): Promise<Release | undefined> {
  const kept = releases.get(namespaceOf(key), nameOf(key));
  // A megabyte takes tens of milliseconds: not at once, since a pass can begin within the step that takes in a watch's event.
  if (!kept || !isOutline(kept)) return kept && (await inTurns(unpackInSteps(kept)));
  try {
    return await client.get<Release>(RELEASES, namespaceOf(key), nameOf(key));
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Everything that decides what to do, and the texts behind `inputs`. Throws RegistryError, KubeError, ReleaseError. */
export async function observe(
  services: Pick<VersionServices, 'charts' | 'children' | 'inputs' | 'secrets'>,
  { key, release, tenant, user, histories }: Observed,
): Promise<ObservationWithValues> {
  const { namespace } = release.metadata;
  const references = release.spec.valuesFrom ?? [];
  await services.children.watch({ key, user, values: references });
  const sources = references.map(({ kind, name }) => services.children.value(user, kind, namespace, name));
  const texts = textsOf(release.spec, sources);
  services.secrets.learnValues(key, texts);
  const known = services.inputs.recall(key, references, sources);
  const inputs = known ?? (await inTurns(inputsDigest(texts)));
  if (known === undefined) services.inputs.remember(key, references, sources, inputs);
  const chartDigest = await services.charts.resolvedDigest(release, tenant);
  return { release, histories, texts, inputs, chartDigest, now: Date.now() };
}

/**
 * The histories that this very Release owns, or nobody does, oldest first: those of a deleted one of the same name may still be on their
 * way out. Throws KubeError.
 */
export async function historiesOf(
  { client, versions }: Pick<VersionServices, 'client' | 'versions'>,
  release: Release,
): Promise<ReleaseHistory[]> {
  const named = await versions.of(client, release);
  return named
    .filter((history) => isVersionOf(history, release) && history.metadata.deletionTimestamp === undefined)
    .sort((a, b) => a.spec.version - b.spec.version);
}

/** A history with another name was not made by the controller. */
function isVersionOf(history: ReleaseHistory, release: Release): boolean {
  return (isOwnedBy(history, release) || isUnowned(history)) && isNamedAfter(history, release);
}
