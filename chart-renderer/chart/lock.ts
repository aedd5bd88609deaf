import { parseTime } from '../../golang/time/index.ts';
import {
  type DecodedValue,
  decodeYaml,
  readYaml,
  type StructType,
  writeYaml,
  zeroOf,
} from '../../golang/yaml/index.ts';
import type { ChartFile } from '../archive/file.ts';
import { messageOf } from '../errors.ts';
import { DEFAULT_HELM_VERSION, type HelmVersion } from '../helm-version.ts';
import type { ChartDependency } from './chart.ts';
import { chartStruct, dependencyStruct } from './metadata.ts';
import { publishedDependency } from './published.ts';

const LOCK: Readonly<Record<HelmVersion, StructType>> = { v3: lockStruct('v3'), v4: lockStruct('v4') };

function lockStruct(helmVersion: HelmVersion): StructType {
  const dependencies = { list: dependencyStruct(helmVersion) };
  return chartStruct(helmVersion, 'Lock', { generated: { check: timeProblem }, digest: 'string', dependencies });
}

/** Throws `YamlError` where a Chart.lock or requirements.lock does not decode; what it says does not matter to rendering. */
export function checkLock(data: Uint8Array, helmVersion: HelmVersion): void {
  decodeYaml(data, LOCK[helmVersion], zeroOf(LOCK[helmVersion]));
}

/**
 * The Chart.lock that Helm writes for the lock file among the files, of which the last counts; undefined where there is none. It
 * says that it was made at `generated` or, without one, when the file says. Throws `YamlError`.
 */
export function lockYamlOf(files: readonly ChartFile[], generated: Date | undefined): string | undefined {
  const file = files.findLast(({ name }) => name === 'Chart.lock' || name === 'requirements.lock');
  if (file === undefined || readYaml(Buffer.from(file.data).toString('utf8')) === null) return undefined;
  const type = LOCK[DEFAULT_HELM_VERSION];
  const zero = zeroOf(type);
  const lock = decodeYaml(file.data, type, zero);
  const dependencies = lock['dependencies'] as unknown as readonly (ChartDependency | null)[];
  return writeYaml({
    dependencies: lock['dependencies'] === zero['dependencies'] ? null : dependencies.map(publishedDependency),
    digest: lock['digest'],
    generated: generated === undefined ? (lock['generated'] ?? ZERO_TIME) : textOf(generated),
  });
}

/** Go's zero time. */
const ZERO_TIME = '0001-01-01T00:00:00Z';

function textOf(time: Date): string {
  return time.toISOString().replace(/\.\d+/, '');
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
