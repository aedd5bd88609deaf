import type { SourcedObject } from '../../../chart-renderer/index.ts';
import { COLOUR_LABEL } from '../../../crds/index.ts';
import { blueGreenProblem, inColour, pack, type KubeObject } from '../../../resources/index.ts';
import type { VersionRecord } from '../../../records/index.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import { inTurn } from '../../pass/event-loop-turns.ts';

/** The record with its objects in its colour; as it is where it has none. Throws ReleaseError where they cannot be there in two colours. */
export async function inItsColour(record: VersionRecord): Promise<VersionRecord> {
  const { colour, content, objects } = record;
  const { service, preview } = content.strategy ?? {};
  if (colour === undefined || service === undefined) return record;
  const known = COLOURED.get(record);
  if (known) return { ...record, objects: known };
  const strategy = { label: COLOUR_LABEL, colour, service, preview };
  const coloured = await inTurn(() => {
    const problem = blueGreenProblem(objects, strategy);
    if (problem !== undefined) throw new ReleaseError('Refused', `spec.strategy: ${problem}`);
    return inColour(objects, strategy).map((item) => ({ ...item, object: pack(item.object).value }));
  });
  COLOURED.set(record, coloured);
  return { ...record, objects: coloured };
}

const COLOURED = new WeakMap<VersionRecord, readonly SourcedObject[]>();

/** The colour that an object of a version has; undefined where it has none. */
export function colourOfObject({ metadata }: KubeObject): string | undefined {
  return metadata.labels?.[COLOUR_LABEL];
}
