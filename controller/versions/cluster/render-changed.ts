import type { MemoryOptions, Rendering } from '../../../chart-renderer/index.ts';
import type { ClusterAnswers } from '../../../crds/index.ts';
import type { Discovery } from '../../../kube/index.ts';
import { digestOfJson, keyInRelease, refOf, unpacked, listed } from '../../../resources/index.ts';
import type { VersionRecord } from '../../../records/index.ts';
import { inTurns } from '../../../turns/index.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';

type Manifests = Pick<Rendering | VersionRecord, 'objects' | 'hooks' | 'crds'>;

/** What a rendering comes to, as far as it decides whether there is a change. */
interface Rendered {
  rendering: Rendering;
}

/**
 * Renders for the cluster as it is, and says whether its change makes a difference. What else may differ from the version in force, such as
 * the time or what lookups find, does not count: the chart is also rendered with the answers of before, where they are known one by one.
 */
export async function renderedForChange<T extends Rendered>(
  render: (how: { memory: MemoryOptions; answers?: ClusterAnswers }) => Promise<T>,
  { memory, before, inForce }: { memory: MemoryOptions; before: ClusterAnswers; inForce: VersionRecord | undefined },
): Promise<{ made: T; isSame: boolean }> {
  if (before.list !== undefined) {
    const made = await render({ memory });
    return { made, isSame: inForce !== undefined && (await areSame(inForce, made.rendering)) };
  }
  const keeping = { ...memory, time: 'kept' } as const;
  const { rendering } = await render({ memory: keeping, answers: before });
  const made = await render({ memory: { ...keeping, remembered: rendering.remembered ?? memory.remembered } });
  return { made, isSame: await areSame(rendering, made.rendering) };
}

async function areSame(a: Manifests, b: Manifests): Promise<boolean> {
  return (await inTurns(digestOf(a))) === (await inTurns(digestOf(b)));
}

function* digestOf({ objects, hooks, crds }: Manifests): Generator<undefined, string> {
  const digests: string[] = [];
  for (const { object } of [...objects, ...hooks, ...crds]) {
    digests.push(digestOfJson(unpacked(object)));
    yield;
  }
  return digestOfJson([objects.length, hooks.length, digests]);
}

/** How many objects a message names. */
const MAX_NAMED = 5;

/**
 * Throws ReleaseError Refused if a version made for a changed cluster lacks objects of the version in force that may be there: they would be
 * deleted although nobody asked for that. Only what is of a kind that is gone with all of its objects may be lacking. Throws KubeError.
 */
export async function requireNoLoss(
  discovery: Pick<Discovery, 'mayHaveObjects' | 'resourceOfKind'>,
  inForce: Pick<VersionRecord, 'objects'> | undefined,
  next: Pick<VersionRecord, 'objects'>,
): Promise<void> {
  if (!inForce)
    throw new ReleaseError('Refused', 'what it would delete is unknown: the version in force cannot be read');
  const kept = new Set(next.objects.map(({ object }) => keyInRelease(object)));
  const lost: string[] = [];
  let areServed = true;
  for (const { object } of inForce.objects) {
    if (kept.has(keyInRelease(object))) continue;
    const { group, kind } = refOf(object);
    const isServed = (await discovery.resourceOfKind(group, kind)) !== undefined;
    if (!isServed && !(await discovery.mayHaveObjects(group, kind))) continue;
    areServed &&= isServed;
    lost.push(`${kind}/${object.metadata.name}`);
  }
  if (lost.length === 0) return;
  const message = `it would delete ${listed(lost, MAX_NAMED)}, which nobody asked for; the next edit of the content does it`;
  // What is not served for now may be served again, or gone, any moment.
  throw new ReleaseError('Refused', message, { retry: areServed ? 'later' : 'soon' });
}
