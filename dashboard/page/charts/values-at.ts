import type { Field } from './schema-fields.ts';

/** Values as YAML has them. */
export type Values = Readonly<Record<string, unknown>>;

/** The text of a field, as the values have it; empty where they have none. */
export function textAt(values: Values, path: readonly string[]): string {
  let at: unknown = values;
  for (const key of path) at = isMap(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean' ? String(at) : '';
}

/** The values with the text of a field; with nothing there where the text is empty. */
export function withText(values: Values, { path, kind }: Pick<Field, 'path' | 'kind'>, text: string): Values {
  return withValue(values, path, valueOf(kind, text));
}

function valueOf(kind: Field['kind'], text: string): unknown {
  if (text === '') return undefined;
  if (kind === 'boolean') return text === 'true';
  if (kind === 'text' || kind === 'choice') return text;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

function withValue(values: Values, [key, ...rest]: readonly string[], value: unknown): Values {
  if (key === undefined) return values;
  const present = Object.hasOwn(values, key) ? values[key] : undefined;
  const next = rest.length === 0 ? value : withValue(isMap(present) ? present : {}, rest, value);
  const isGone = next === undefined || (rest.length > 0 && isMap(next) && Object.keys(next).length === 0);
  const others = Object.entries(values).filter(([other]) => other !== key || !isGone);
  if (isGone) return Object.fromEntries(others);
  // By entries and not by a key in braces: a key may be `__proto__`.
  return Object.fromEntries(
    Object.hasOwn(values, key)
      ? others.map(([other, old]) => [other, other === key ? next : old])
      : [...others, [key, next]],
  );
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
