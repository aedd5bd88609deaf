import { GROUP_VERSION, VERSION_MANAGER } from '../../crds/index.ts';
import type { Reason, Release, ReleasePreview, ReleasePreviewStatus } from '../../crds/index.ts';
import { inTurn, inTurns } from '../../turns/index.ts';
import { catchFailure } from '../pass/failures/catch-failure.ts';
import { ReleaseError } from '../pass/failures/errors.ts';
import { failureOf, type Failure } from '../pass/failures/failures.ts';
import { keyOfRelease } from '../pass/key.ts';
import type { Observed } from '../pass/observed.ts';
import { requireAccount } from '../plan/account.ts';
import { describeNeeds, manifestFor } from '../plan/permissions/grant.ts';
import type { Need } from '../plan/permissions/needs.ts';
import { throwNamingMissingPermissions } from '../versions/inputs/missing-permissions.ts';
import { historiesOf, identityOf, wholeRelease } from '../versions/observe.ts';
import { plannedChanges } from './planned-changes.ts';
import { plannedVersion, versionInForce } from './planned-version.ts';
import { maskedFindings, previewStatusOf, type PreviewFindings } from './preview-status.ts';
import type { PreviewServices } from './services.ts';

const NOT_YET: ReadonlySet<Reason> = new Set(['Progressing', 'ApiUnavailable']);

/** What a preview says, and whether that is its answer: not while something that was asked for has not come, or the API server fails. */
export interface PreviewAnswer {
  status: ReleasePreviewStatus;
  isAnswer: boolean;
}

/** What a preview finds, as its status reports it, with all secrets masked. Throws KubeError where another attempt is due. */
export async function findingsFor(
  services: PreviewServices,
  key: string,
  preview: ReleasePreview,
): Promise<PreviewAnswer> {
  const { value: release, failure: unread } = await catchFailure(() => releaseOf(services, preview));
  const about = {
    generation: preview.metadata.generation,
    now: new Date().toISOString(),
    from: release?.status?.version,
  };
  if (!release) return { status: previewStatusOf({ ...about, failure: unread }), isAnswer: true };
  services.secrets.begin(key, release);
  const found = await foundFor(services, key, release, preview.spec.template === undefined);
  await inTurns(services.secrets.prepare(key));
  const mask = (text: string): string => services.secrets.mask(key, text);
  const status = await inTurn(() => previewStatusOf(maskedFindings({ ...about, ...found }, mask)));
  return { status, isAnswer: !(found.failure && NOT_YET.has(found.failure.reason)) };
}

type Found = Pick<PreviewFindings, 'planned' | 'changes' | 'failure' | 'grant'>;

async function foundFor(services: PreviewServices, key: string, release: Release, isLive: boolean): Promise<Found> {
  const { value: observed, failure: absent } = await catchFailure(() => observedFor(services, key, release));
  if (!observed) return { failure: absent };
  const { value: planned, failure } = await catchFailure(() =>
    (isLive ? versionInForce(services, observed) : plannedVersion(services, observed)).catch((error: unknown) =>
      throwNamingMissingPermissions(services, observed, error),
    ),
  );
  if (!planned) return { failure };
  const { value: changes, failure: refused } = await catchFailure(() => plannedChanges(services, observed, planned));
  if (!changes) return { planned, failure: refused };
  if (changes.lacking.length === 0) return { planned, changes };
  return { planned, changes, ...lackingIn(release, changes.lacking) };
}

/** The Release as it would be; one that does not exist yet as if it had just been created. */
async function releaseOf(
  services: Pick<PreviewServices, 'client' | 'releases'>,
  { metadata, spec: { release: name, template } }: ReleasePreview,
): Promise<Release> {
  const { namespace, uid, creationTimestamp, resourceVersion } = metadata;
  const known = await wholeRelease(services, keyOfRelease(namespace, name));
  if (template === undefined && known === undefined)
    throw new ReleaseError('VersionNotFound', `there is no Release "${name}": a preview of one needs spec.template`);
  const created = { name, namespace, uid, creationTimestamp, resourceVersion, generation: 1 };
  const spec = template?.spec ?? known?.spec;
  const release = known ?? { apiVersion: GROUP_VERSION, kind: 'Release', metadata: created };
  const isAsked = known !== undefined && template !== undefined && template.spec.version !== known.spec.version;
  const edited = isAsked ? { ...release, metadata: withoutClaim(known.metadata) } : release;
  // Suspension only puts off what is previewed.
  return { ...edited, spec: { ...spec, suspend: false } } as Release;
}

/** As after an edit of `spec.version`, which is then no longer what the controller has set. */
function withoutClaim(metadata: Release['metadata']): Release['metadata'] {
  const { managedFields = [] } = metadata;
  return { ...metadata, managedFields: managedFields.filter(({ manager }) => manager !== VERSION_MANAGER) };
}

/** The Release as its service account, with the versions that are recorded. Throws ReleaseError ServiceAccountNotFound, KubeError. */
async function observedFor(services: PreviewServices, key: string, release: Release): Promise<Observed> {
  await requireAccount(services, release);
  const identity = identityOf(services, release);
  return { key, ...identity, release, histories: await historiesOf(services, release) };
}

function lackingIn({ metadata, spec }: Release, lacking: readonly Need[]): { failure: Failure; grant: string } {
  const { name: release, namespace } = metadata;
  const { serviceAccountName: serviceAccount } = spec;
  const message = `service account "${serviceAccount}" in namespace "${namespace}" may not: ${describeNeeds(lacking)}`;
  return {
    failure: failureOf(new ReleaseError('Forbidden', message)),
    grant: manifestFor(lacking, { release, namespace, serviceAccount }),
  };
}
