import { isJsonObject, type Json } from '../golang/json/index.ts';
import { keyOf, refOf, type KubeObject } from '../resources/index.ts';
import type { Remembered } from './functions/index.ts';

/** A shorter value is too likely to be in a text by chance: it is found only if it is the whole text. */
const SHORTEST_PART = 6;

/**
 * What calls must have given for rendered objects to be as they are live: where a value that was drawn stands in a text of a rendered
 * object, what stands there in the live one. Values that were not drawn, or stand nowhere as they are, are not found. Of a pair, such as a
 * certificate and its key, the part that stands nowhere stays as it was drawn.
 */
export function recoveredFrom(
  rendered: readonly KubeObject[],
  live: readonly KubeObject[],
  drawn: Remembered,
): Remembered {
  const calls = Object.entries(drawn).map(([call, value]) => ({ call, value, parts: partsOf(value) }));
  const texts = [...new Set(calls.flatMap(({ parts }) => parts))];
  const found = new Map<string, string>();
  const byKey = new Map(live.map((object) => [keyWithoutNamespace(object), object]));
  for (const object of rendered) {
    const other = byKey.get(keyWithoutNamespace(object));
    if (other === undefined) continue;
    const pairs = [...pairsOf(dataOf(object), dataOf(other))].flatMap(withDecoded);
    const values = pairs.flatMap(([ours, theirs]) => matched(ours, theirs, texts));
    for (const [text, value] of values) if (!found.has(text)) found.set(text, value);
  }
  const recovered = calls.filter(({ parts }) => parts.some((part) => found.has(part)));
  return Object.fromEntries(recovered.map(({ call, value }) => [call, replaced(value, found)]));
}

/** Charts may leave out the namespace, which live objects have. */
function keyWithoutNamespace(object: KubeObject): string {
  const { namespace: _, ...ref } = refOf(object);
  return keyOf(ref);
}

function partsOf(value: Json): string[] {
  if (Array.isArray(value)) return value.filter((part) => typeof part === 'string');
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

function replaced(value: Json, found: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((part) => replaced(part, found));
  const live = typeof value === 'string' || typeof value === 'number' ? found.get(String(value)) : undefined;
  if (live === undefined) return value;
  if (typeof value !== 'number') return live;
  return /^-?\d{1,15}$/.test(live) ? Number(live) : value;
}

/** The API server keeps the texts of `stringData` with the data. */
function dataOf(object: KubeObject): unknown {
  const { stringData, ...rest } = object;
  if (object.kind !== 'Secret' || !isJsonObject(stringData)) return object;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, encodedOf(text)]);
  return { ...rest, data: { ...(isJsonObject(object['data']) ? object['data'] : {}), ...Object.fromEntries(encoded) } };
}

/** Only texts are kept there. */
function encodedOf(text: Json): string {
  return Buffer.from(typeof text === 'string' ? text : '').toString('base64');
}

type TextPair = readonly [ours: string, theirs: string];

/** The texts in the same places that differ. */
function* pairsOf(ours: unknown, theirs: unknown): Generator<TextPair> {
  if (isLeaf(ours) && isLeaf(theirs)) {
    if (ours !== theirs) yield [String(ours), String(theirs)];
  } else if (isNode(ours) && isNode(theirs)) {
    for (const key of Object.keys(ours)) if (Object.hasOwn(theirs, key)) yield* pairsOf(ours[key], theirs[key]);
  }
}

/** With the texts that they encode. */
function withDecoded([ours, theirs]: TextPair): TextPair[] {
  const [our, their] = [decodedOf(ours), decodedOf(theirs)];
  return our === undefined || their === undefined
    ? [[ours, theirs]]
    : [
        [ours, theirs],
        [our, their],
      ];
}

/** A map, or a list, whose keys are positions. */
function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isLeaf(value: unknown): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

function decodedOf(text: string): string | undefined {
  if (text.length < 4 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64').toString('utf8');
}

/** What stands in one text in the places of these parts of the other, provided that all else is the same. */
function matched(ours: string, theirs: string, parts: readonly string[]): readonly TextPair[] {
  if (parts.includes(ours)) return [[ours, theirs]];
  const places = placesOf(ours, parts);
  const before = ours.slice(0, places[0]?.start);
  if (!theirs.startsWith(before)) return [];
  const found = new Map<string, string>();
  let begin = before.length;
  for (const [index, { start, part }] of places.entries()) {
    const after = ours.slice(start + part.length, places[index + 1]?.start);
    const end = endBefore(after, theirs, begin, index === places.length - 1);
    const value = theirs.slice(begin, end);
    if (end <= begin || (found.get(part) ?? value) !== value) return [];
    found.set(part, value);
    begin = end + after.length;
  }
  return [...found];
}

/** Where what comes before this text ends; -1 if the text is not there, or is empty, so that nothing can be found. */
function endBefore(after: string, text: string, begin: number, isLast: boolean): number {
  if (isLast) return text.endsWith(after) ? text.length - after.length : -1;
  return after === '' ? -1 : text.indexOf(after, begin);
}

/** Where the parts are in a text, in order; of those that overlap, the first and longest. */
function placesOf(text: string, parts: readonly string[]): { start: number; part: string }[] {
  const all = parts
    .filter((part) => part.length >= SHORTEST_PART && part.length <= text.length)
    .flatMap((part) => {
      const places: { start: number; part: string }[] = [];
      for (let start = text.indexOf(part); start !== -1; start = text.indexOf(part, start + part.length)) {
        places.push({ start, part });
      }
      return places;
    })
    .sort((a, b) => a.start - b.start || b.part.length - a.part.length);
  const places: typeof all = [];
  let end = 0;
  for (const place of all) {
    if (place.start < end) continue;
    places.push(place);
    end = place.start + place.part.length;
  }
  return places;
}
