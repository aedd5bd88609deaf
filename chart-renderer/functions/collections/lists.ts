import { asNil } from '../../../golang/json/index.ts';
import {
  goTypeOf,
  isTrue,
  kindOf,
  listOf,
  sortStrings,
  type Value,
  withGoType,
} from '../../../golang/reflect/index.ts';
import { define, defineVariadic } from '../../../golang/template/index.ts';
import { toInt64, toText } from '../cast.ts';
import type { FunctionEntries } from '../entries.ts';
import { checkListSize } from '../limits.ts';
import { deepEqual, itemsOf, stringSlice, stringsOf } from '../list-values.ts';

const list = defineVariadic([], 'any', (...items): Value => items);

const append = define(['any', 'any'], (items, item) => [
  ...itemsOf(items, (kind) => `Cannot push on type ${kind}`),
  item,
]);

const prepend = define(['any', 'any'], (items, item) => [
  item,
  ...itemsOf(items, (kind) => `Cannot prepend on type ${kind}`),
]);

const first = define(['any'], (items) => itemsOf(items, cannotFind('first'))[0] ?? null);
const last = define(['any'], (items) => itemsOf(items, cannotFind('last')).at(-1) ?? null);
const rest = define(['any'], (items) => orNil(itemsOf(items, cannotFind('rest')), (all) => all.slice(1)));
const initial = define(['any'], (items) => orNil(itemsOf(items, cannotFind('initial')), (all) => all.slice(0, -1)));
const reverse = define(['any'], (items) => [...itemsOf(items, cannotFind('reverse'))].reverse());
const compact = define(['any'], (items) => itemsOf(items, (kind) => `Cannot compact on type ${kind}`).filter(isTrue));
const uniq = define(['any'], (items) => distinct(itemsOf(items, cannotFind('uniq'))));

const without = defineVariadic(['any'], 'any', (items, ...omitted) =>
  itemsOf(items, cannotFind('without')).filter((item) => !omitted.some((other) => deepEqual(other, item))),
);

const has = define(['any', 'any'], (needle, items) => {
  if (items === null) return false;
  return itemsOf(items, cannotFind('has')).some((item) => deepEqual(needle, item));
});

const slice = defineVariadic(['any'], 'any', (items, ...bounds) => {
  const all = itemsOf(items, (kind) => `list should be type of slice or array but ${kind}`);
  if (all.length === 0) return null;
  const start = bounds.length > 0 ? Number(toInt64(bounds[0])) : 0;
  const end = bounds.length > 1 ? Number(toInt64(bounds[1])) : all.length;
  if (start < 0 || start > end || end > all.length) throw new Error('reflect.Value.Slice: slice index out of bounds');
  return withGoType(all.slice(start, end), goTypeOf(items));
});

const concat = defineVariadic([], 'any', (...lists) =>
  orNil(
    lists.flatMap((items) => itemsOf(items, (kind) => `Cannot concat type ${kind} as list`)),
    (all) => all,
  ),
);

const chunk = define(['int', 'any'], (size, items) => {
  const all = itemsOf(items, (kind) => `Cannot chunk type ${kind}`);
  const count = Math.floor((all.length - 1) / size) + 1;
  if (!Number.isFinite(count) || count < 0 || (count > 0 && size < 0))
    throw new Error('runtime error: makeslice: len out of range');
  if (count === 0) return withGoType<Value[]>([], '[][]interface {}');
  const chunks: Value[] = [];
  for (let at = 0; at < all.length; at += size) chunks.push(all.slice(at, at + size));
  return withGoType(chunks, '[][]interface {}');
});

const sortAlpha = define(['any'], (items) => {
  if (listOf(items) === undefined && kindOf(items) !== 'slice') return stringSlice([toText(items)]);
  return stringSlice(sortStrings(stringsOf(items, toText)));
});

const join = define(['string', 'any'], (separator, items) => stringsOf(items, toText).join(separator));
const toStrings = define(['any'], (items) => stringSlice(stringsOf(items, toText)));

/** Of no items Go makes a nil slice. */
function orNil(items: readonly Value[], make: (items: Value[]) => Value[]): Value[] {
  return items.length === 0 ? asNil([]) : make([...items]);
}

function cannotFind(what: string): (kind: string) => string {
  return (kind) => `Cannot find ${what} on type ${kind}`;
}

/** The items without those deeply equal to an earlier one. */
function distinct(items: readonly Value[]): Value[] {
  const simple = new Set<string>();
  const compound: Value[] = [];
  return items.filter((item) => {
    if (typeof item !== 'object' || item === null) {
      const key = `${typeof item} ${String(item)}`;
      return !simple.has(key) && simple.add(key) !== undefined;
    }
    checkListSize(compound.length ** 2 / 100);
    return !compound.some((other) => deepEqual(other, item)) && compound.push(item) > 0;
  });
}

/** Sprig's functions on lists. */
export const listFunctions: FunctionEntries = [
  ['list', list],
  ['tuple', list],
  ['append', append],
  ['push', append],
  ['mustAppend', append],
  ['mustPush', append],
  ['prepend', prepend],
  ['mustPrepend', prepend],
  ['first', first],
  ['mustFirst', first],
  ['last', last],
  ['mustLast', last],
  ['rest', rest],
  ['mustRest', rest],
  ['initial', initial],
  ['mustInitial', initial],
  ['reverse', reverse],
  ['mustReverse', reverse],
  ['compact', compact],
  ['mustCompact', compact],
  ['uniq', uniq],
  ['mustUniq', uniq],
  ['without', without],
  ['mustWithout', without],
  ['has', has],
  ['mustHas', has],
  ['slice', slice],
  ['mustSlice', slice],
  ['concat', concat],
  ['chunk', chunk],
  ['mustChunk', chunk],
  ['sortAlpha', sortAlpha],
  ['join', join],
  ['toStrings', toStrings],
];
