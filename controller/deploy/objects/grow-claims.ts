import { FIELD_MANAGER } from '../../../crds/index.ts';
import { isKubeError, type KubeClient } from '../../../kube/index.ts';
import {
  claimCount,
  claimNames,
  isClaimOf,
  mustGrow,
  titleOfObject,
  type ImmutableChange,
  type KubeObject,
} from '../../../resources/index.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import type { Observed } from '../../pass/observed.ts';
import { CLAIMS } from '../../pass/resources.ts';

/** Each is read, tried and written. */
const MAX_CLAIMS = 1_000;

/**
 * Enlarges the claims of a StatefulSet, as the tenant, to what its templates ask for. All are tried before the first is changed; those that
 * are large enough, or do not exist, are left alone. Throws ReleaseError if the API server does not let one grow, say because of its
 * storage class; KubeError.
 */
export async function growClaims(
  { tenant }: Observed,
  set: KubeObject,
  growth: ImmutableChange['growth'],
): Promise<void> {
  const count = growth.length * claimCount(set);
  if (count > MAX_CLAIMS) {
    const title = titleOfObject(set);
    throw new ReleaseError('ApplyFailed', `${title}: at most ${MAX_CLAIMS} of its ${count} claims can be expanded`);
  }
  const wanted = growth.flatMap(({ template, storage }) =>
    claimNames(set, template).map((name) => ({ name, namespace: set.metadata.namespace, storage })),
  );
  const small: GrowingClaim[] = [];
  for (const claim of wanted) small.push(...(await smallerThan(tenant, set, claim)));
  for (const claim of small) await grow(tenant, set, claim, 'trial');
  for (const claim of small) await grow(tenant, set, claim, 'for good');
}

/** A claim, and how much storage it is to have. */
interface WantedClaim {
  name: string;
  namespace: string | undefined;
  storage: string;
}

interface GrowingClaim extends WantedClaim {
  uid: string | undefined;
}

async function smallerThan(tenant: KubeClient, set: KubeObject, claim: WantedClaim): Promise<GrowingClaim[]> {
  const { name, namespace, storage } = claim;
  try {
    const live = await tenant.patchMerge(CLAIMS, namespace, name, {}, { fieldManager: FIELD_MANAGER });
    if (live.metadata.deletionTimestamp || !mustGrow(live, storage)) return [];
    if (isClaimOf(set, live)) return [{ ...claim, uid: live.metadata.uid }];
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return [];
    throw error;
  }
  const title = titleOfObject(set);
  throw new ReleaseError(
    'ApplyFailed',
    `${title}: PersistentVolumeClaim/${name} does not have its labels, and is not expanded`,
  );
}

async function grow(
  tenant: KubeClient,
  set: KubeObject,
  { name, namespace, storage, uid }: GrowingClaim,
  how: 'trial' | 'for good',
): Promise<void> {
  const patch = { metadata: { uid }, spec: { resources: { requests: { storage } } } };
  try {
    await tenant.patchMerge(CLAIMS, namespace, name, patch, { fieldManager: FIELD_MANAGER, dryRun: how === 'trial' });
  } catch (error) {
    if (!isKubeError(error, 'Denied') && !isKubeError(error, 'Invalid')) throw error;
    const message = `${titleOfObject(set)}: PersistentVolumeClaim/${name} cannot grow to ${storage}: ${error.message}`;
    throw new ReleaseError('ApplyFailed', message, { cause: error });
  }
}
