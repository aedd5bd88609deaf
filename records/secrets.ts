import { secretsInObject, textsAndNumbersIn } from '../resources/index.ts';
import type { VersionRecord } from './record.ts';

/** All secrets of a version: what came from Secrets into its values, what its own Secrets hold, what was generated at random for it. */
export function* secretsOfRecord(record: VersionRecord): Iterable<string> {
  const { content, values, secretValues, objects, hooks, crds, remembered = {} } = record;
  const hasSecrets = content.valuesFrom?.some(({ kind }) => kind === 'Secret') ?? false;
  // An older record does not say which values came from a Secret.
  yield* secretValues ?? (hasSecrets ? textsAndNumbersIn(values) : []);
  for (const { object } of [...objects, ...hooks, ...crds]) yield* secretsInObject(object);
  yield* textsAndNumbersIn(remembered);
}
