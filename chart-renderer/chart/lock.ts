import { parseTime } from '../../golang/time/index.ts';
import { type DecodedValue, decodeYaml, type StructType, zeroOf } from '../../golang/yaml/index.ts';
import { messageOf } from '../errors.ts';
import type { HelmVersion } from '../helm-version.ts';
import { chartStruct, dependencyStruct } from './metadata.ts';

const LOCK: Readonly<Record<HelmVersion, StructType>> = { v3: lockStruct('v3'), v4: lockStruct('v4') };

function lockStruct(helmVersion: HelmVersion): StructType {
  const dependencies = { list: dependencyStruct(helmVersion) };
  return chartStruct(helmVersion, 'Lock', { generated: { check: timeProblem }, digest: 'string', dependencies });
}

/** Throws `YamlError` where a Chart.lock or requirements.lock does not decode; what it says does not matter to rendering. */
export function checkLock(data: Uint8Array, helmVersion: HelmVersion): void {
  decodeYaml(data, LOCK[helmVersion], zeroOf(LOCK[helmVersion]));
}

function timeProblem(value: DecodedValue): string | undefined {
  if (typeof value !== 'string') return 'Time.UnmarshalJSON: input is not a JSON string';
  try {
    parseTime('2006-01-02T15:04:05Z07:00', value);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
