import { parseTime } from '../../golang/time/index.ts';
import { type DecodedValue, decodeYaml, type StructType, zeroOf } from '../../golang/yaml/index.ts';
import { messageOf } from '../errors.ts';
import { DEPENDENCY } from './metadata.ts';

const LOCK: StructType = {
  goType: 'chart.Lock',
  name: 'Lock',
  fields: { generated: { check: timeProblem }, digest: 'string', dependencies: { list: DEPENDENCY } },
};

/** Throws `YamlError` where a Chart.lock or requirements.lock does not decode; what it says does not matter to rendering. */
export function checkLock(data: Uint8Array): void {
  decodeYaml(data, LOCK, zeroOf(LOCK));
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
