import { getKey, isJsonObject, type Json, type JsonObject, setKey } from '../../golang/json/index.ts';
import { ChartError } from '../errors.ts';

const MAX_INDEX = 65_536;
const MAX_DEPTH = 30;

/** One step of a path: a key of a table or a place in a list. */
type PathElement = { readonly key: string } | { readonly index: number };

/**
 * A copy of the values with one of them set at a path of Helm's `--set`, such as `a.b[0].c`; a dot or bracket in a key is escaped by
 * a backslash. What is missing on the way is made. Throws `invalid-values` for a path that does not parse, passes Helm's limits (30
 * levels, index 65536) or meets something that is not a table or list.
 */
export function setPath(values: JsonObject, path: string, value: Json): JsonObject {
  const steps = parsePath(path);
  const changed = place(values, steps, 0, value, path);
  if (!isJsonObject(changed)) throw invalid(path, 'it begins with an index');
  return changed;
}

function place(current: Json | undefined, steps: readonly PathElement[], at: number, value: Json, path: string): Json {
  const step = steps[at];
  if (step === undefined) return value;
  if ('key' in step) {
    const table = current === null || current === undefined ? {} : current;
    if (!isJsonObject(table))
      throw invalid(path, `${JSON.stringify(step.key)} would be set in something that is not a table`);
    const copy = { ...table };
    setKey(copy, step.key, place(getKey(table, step.key), steps, at + 1, value, path));
    return copy;
  }
  const list = current === null || current === undefined ? [] : current;
  if (!Array.isArray(list)) throw invalid(path, `[${step.index}] would be set in something that is not a list`);
  const copy = [...list];
  while (copy.length < step.index) copy.push(null);
  copy[step.index] = place(list[step.index], steps, at + 1, value, path);
  return copy;
}

function parsePath(path: string): PathElement[] {
  const steps: PathElement[] = [];
  const token = /(?:^|\.)((?:[^.[\\]|\\.)+)|\[(\d+)\]/suy;
  while (token.lastIndex < path.length) {
    const from = token.lastIndex;
    const [, key, index] = token.exec(path) ?? [];
    if (key !== undefined) steps.push({ key: key.replace(/\\(.)/gsu, '$1') });
    else if (index !== undefined) steps.push({ index: checkedIndex(Number(index), path) });
    else throw invalid(path, `it does not parse at ${JSON.stringify(path.slice(from))}`);
  }
  if (steps.length === 0) throw invalid(path, 'it is empty');
  if (steps.filter((step) => 'key' in step).length > MAX_DEPTH + 1) {
    throw invalid(path, `value name nested level is greater than maximum supported nested level of ${MAX_DEPTH}`);
  }
  return steps;
}

function checkedIndex(index: number, path: string): number {
  if (index <= MAX_INDEX) return index;
  throw invalid(path, `index of ${index} is greater than maximum supported index of ${MAX_INDEX}`);
}

function invalid(path: string, why: string): ChartError {
  const shown = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  return new ChartError('InvalidValues', `cannot set the value ${JSON.stringify(shown)}: ${why}`);
}
