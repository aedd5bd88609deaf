import { elementFinder, merged } from '../fields/field-set.ts';
import { isMap, type JsonMap } from '../json/json.ts';
import type { FieldSet, KubeObject } from '../types.ts';

const REFUSED_FIELD = /(?<![\w.\]])([a-z]\w*(?:(?:\[\d+\])*\.\w+)*): (?:Forbidden|Invalid value)/g;
/** Reasons that name several fields, of which one has to go. */
const EXCLUSIVE = /\bmore than (?:1|one)\b|\bboth\b|mutually exclusive|may not be specified when/;
/** Reasons that may not name the alternatives (`may not specify more than 1 volume type`); each of these is then a map. */
const UNNAMED = /\bmore than (?:1|one)\b/;

/**
 * The fields of `live` that are in the way of an apply of `desired`, going by its refusal, as a set for managedFields. Some are refused
 * though `desired` does not have them, such as the default `strategy.rollingUpdate` where `strategy.type: Recreate` is desired. Others
 * exclude a desired field, such as the default `emptyDir` of a volume, or a `value` beside the desired `valueFrom`. An apply removes only
 * what its manager owns; once it owns these, the same apply removes them. List items are found by their keys, not by the positions in the
 * refusal, because the server's lists may have more items. Undefined if there are no such fields.
 */
export function blockingFields(desired: KubeObject, live: KubeObject, refusal: string): FieldSet | undefined {
  const found: FieldSet = {};
  const owned = merged((live.metadata.managedFields ?? []).flatMap(({ fieldsV1 }) => fieldsV1 ?? [])) ?? {};
  const root: Place = { wanted: desired, there: live, owned, elements: [] };
  for (const { steps, field, reason } of refusalsIn(refusal)) {
    const parents = steps.reduce((places, step) => places.flatMap((place) => below(place, step)), [root]);
    for (const place of parents) {
      for (const path of undesired(place, field, reason)) insert(found, [...place.elements, ...path]);
    }
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

interface RefusedField {
  steps: readonly string[];
  field: string;
  reason: string;
}

/** The items of one list are refused alike: positions are left out, and what is then the same is kept once. */
function refusalsIn(refusal: string): RefusedField[] {
  const matches = [...refusal.matchAll(REFUSED_FIELD)];
  const fields = matches.map(({ 0: { length }, 1: path = '', index }, at): [string, RefusedField] => {
    const text = refusal.slice(index + length, matches[at + 1]?.index);
    // What comes before the last colon is the value that is refused.
    const reason = text.slice(text.lastIndexOf(': ') + 1);
    const steps = path.replaceAll(/\[\d+\]/g, '.[]').split('.');
    return [`${steps.join('.')} ${reason}`, { steps: steps.slice(0, -1), field: steps.at(-1) ?? '', reason }];
  });
  return [...new Map(fields).values()].filter(({ reason }) => !reason.includes('immutable'));
}

/** A place in both states, with what is owned there and the path elements that lead to it. */
interface Place {
  wanted: unknown;
  there: unknown;
  owned: FieldSet;
  elements: readonly string[];
}

function below(place: Place, step: string): Place[] {
  if (step === '[]') return itemsOf(place);
  const { wanted, there, owned, elements } = place;
  if (!isMap(wanted) || !isMap(there)) return [];
  const element = `f:${step}`;
  return [{ wanted: wanted[step], there: there[step], owned: owned[element] ?? {}, elements: [...elements, element] }];
}

/** The items that are in both states of a list whose items are owned by key. */
function itemsOf({ wanted, there, owned, elements }: Place): Place[] {
  if (!Array.isArray(wanted) || !Array.isArray(there)) return [];
  const find = elementFinder(Object.keys(owned).filter((element) => element.startsWith('k:')));
  const items = new Map(there.flatMap((item, index) => find(item, index).map((element) => [element, item as unknown])));
  return wanted.flatMap((item: unknown, index) =>
    find(item, index).flatMap((element) => {
      const below = { owned: owned[element] ?? {}, elements: [...elements, element] };
      return items.has(element) ? [{ wanted: item, there: items.get(element), ...below }] : [];
    }),
  );
}

/** Paths, below a place, to what is live but not desired and is why a field is refused. */
function undesired({ wanted, there }: Place, field: string, reason: string): string[][] {
  if (!isMap(wanted) || !isMap(there)) return [];
  if (!Object.hasOwn(wanted, field)) return Object.hasOwn(there, field) ? [[`f:${field}`]] : [];
  if (!EXCLUSIVE.test(reason)) return [];
  const words = new Set(reason.match(/\w+/g));
  const isMeant = (value: unknown, name: string): boolean => words.has(name) || (UNNAMED.test(reason) && isMap(value));
  const beside = namesIn(there, wanted, isMeant).map((name) => [`f:${name}`]);
  const inside = namesIn(there[field], wanted[field], isMeant).map((name) => [`f:${field}`, `f:${name}`]);
  return [...beside, ...inside];
}

function namesIn(there: unknown, wanted: unknown, isMeant: (value: unknown, name: string) => boolean): string[] {
  if (!isMap(there) || !isMap(wanted)) return [];
  const surplus = Object.entries<unknown>(there as JsonMap).filter(([name]) => !Object.hasOwn(wanted, name));
  return surplus.filter(([name, value]) => isMeant(value, name)).map(([name]) => name);
}

function insert(set: FieldSet, [element, ...rest]: readonly string[]): void {
  if (element === undefined) return;
  const child = (set[element] ??= {});
  insert(child, rest);
}
