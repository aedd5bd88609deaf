import type { Json, JsonObject } from '../../../chart-renderer/index.ts';
import { isJsonObject, setKey } from '../../../golang/json/index.ts';
import { jsonOf } from '../../../resources/index.ts';
import type { Dice } from './dice.ts';

type Value = Json | bigint | Value[] | { [key: string]: Value };
type Path = readonly string[];

const NUMBERS = [0, -1, 1.5, 1e21, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 64n, -(2n ** 63n), 0.1, 1e-7, 100_000_000];
// prettier-ignore
const TEXTS = [
  '', 'text', 'a\nb', 'a\nb\n', 'a\n\n\n', '  a\n b\n', 'a: b\n- c\n', '# no comment\n', '- x', 'yes', '1e3', '007', 'null', '~',
  "it's", '"', '{{ .Release.Name }}', 'tab\there', 'x'.repeat(200), 'é€😀', 'a\r\nb\r\n', '--- \n', '@', '*a', '&a', '%', 'key: |\n  b\n',
];
// prettier-ignore
const CONTAINERS: readonly Value[] = [
  {}, [], { a: 'b' }, { a: null }, { a: 1, b: true }, { 'example.com/a': 'x\ny\n' }, { cpu: null, memory: '1Gi' }, [null], ['x', 1, null],
  [{ name: 'x', value: null }], [{ name: 'y', value: 'a\nb\n' }], { a: { b: { c: null } } },
];

const MAX_CHANGES = 4;

/** The text of a values file that sets some of a chart's values to others: flipped, unset, of another type, huge, of several lines. */
export function mutatedValues(defaults: JsonObject, dice: Dice): string {
  const paths = pathsIn(defaults, []);
  const changes: Record<string, Value> = {};
  if (paths.length === 0) return '{}';
  for (const path of dice.some(1, MAX_CHANGES, () => dice.pick(paths))) {
    put(changes, path, mutated(valueAt(defaults, path), dice));
  }
  return jsonOf(changes);
}

/** The ways to all values but those within lists, which are replaced as a whole. */
function pathsIn(value: Json, path: Path): Path[] {
  if (!isJsonObject(value)) return [path];
  const below = Object.entries(value).flatMap(([key, item]) => pathsIn(item, [...path, key]));
  return path.length === 0 ? below : [...below, path];
}

function valueAt(value: Json, path: Path): Json {
  return path.reduce<Json>((here, key) => (isJsonObject(here) ? (here[key] ?? null) : null), value);
}

function mutated(value: Value, dice: Dice): Value {
  if (typeof value === 'boolean' && !dice.oneIn(3)) return !value;
  if (Array.isArray(value) && value.length > 0 && dice.oneIn(2)) {
    const at = dice.below(value.length);
    return value.map((item, i) => (i === at ? mutated(item, dice) : item));
  }
  switch (dice.below(5)) {
    case 0:
      return null;
    case 1:
      return dice.pick(NUMBERS);
    case 2:
      return dice.pick([true, false]);
    case 3:
      // A copy, since another change may go into it.
      return structuredClone(dice.pick(CONTAINERS));
    default:
      return dice.pick(TEXTS);
  }
}

function put(changes: Record<string, Value>, path: Path, value: Value): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) return setKey(changes, key, value);
  const below = Object.hasOwn(changes, key) ? changes[key] : undefined;
  const inner = (isJsonObject(below) ? below : {}) as Record<string, Value>;
  setKey(changes, key, inner);
  put(inner, rest, value);
}
