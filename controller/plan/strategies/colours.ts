import type { SourcedObject } from '../../../chart-renderer/index.ts';
import { COLOUR_LABEL } from '../../../crds/index.ts';
import { blueGreenProblem, inColour, pack, type KubeObject } from '../../../resources/index.ts';
import type { VersionRecord } from '../../../records/index.ts';
import { inTurn, inTurns } from '../../../turns/index.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';

/**
 * The record of a version, of a Release in this namespace, with its objects in its colour; unchanged if it has none. Throws ReleaseError if
 * they cannot exist in two colours.
 */
export async function inItsColour(record: VersionRecord, namespace: string): Promise<VersionRecord> {
  const { colour, content, objects } = record;
  const { service, preview } = content.strategy ?? {};
  if (colour === undefined || service === undefined) return record;
  const known = COLOURED.get(record);
  if (known) return { ...record, objects: known };
  const strategy = { label: COLOUR_LABEL, colour, service, preview, namespace };
  const problem = await inTurn(() => blueGreenProblem(objects, strategy));
  if (problem !== undefined) throw new ReleaseError('Refused', `spec.strategy: ${problem}`);
  const coloured = await inTurns(packed(inColour(objects, strategy)));
  COLOURED.set(record, coloured);
  return { ...record, objects: coloured };
}

function* packed(steps: Generator<undefined, SourcedObject[]>): Generator<undefined, SourcedObject[]> {
  const result: SourcedObject[] = [];
  for (const item of yield* steps) {
    result.push({ ...item, object: pack(item.object).value });
    yield;
  }
  return result;
}

const COLOURED = new WeakMap<VersionRecord, readonly SourcedObject[]>();

/** Whether an object of this version exists in its colour; what a chart without a colour writes into the label does not matter. */
export function isInColour({ metadata }: KubeObject, version: Pick<VersionRecord, 'colour'> | undefined): boolean {
  return version?.colour !== undefined && metadata.labels?.[COLOUR_LABEL] === version.colour;
}
