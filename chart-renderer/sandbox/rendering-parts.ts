import { deserialize, serialize } from 'node:v8';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ChartError } from '../errors.ts';
import { pack } from '../../resources/index.ts';
import type { Rendering } from '../render.ts';

type ListName = 'objects' | 'hooks' | 'crds';
type Item = Rendering[ListName][number];
type Frame = Omit<Rendering, ListName>;
type Part = readonly [list: ListName, items: readonly Item[]];

const PART_ITEMS = 64;
const PART_BYTES = 256 * 1024;

/** A rendering as bytes, in parts that are each quick to read back. Throws `limit` for an object of more than `maxObjectBytes`. */
export function partsOfRendering({ objects, hooks, crds, ...frame }: Rendering, maxObjectBytes: number): Uint8Array[] {
  const parts: Uint8Array[] = [serialize(frame)];
  const add = (list: ListName, items: readonly Item[]): void => {
    const bytes = serialize([list, items] satisfies Part);
    const [item] = items;
    if (items.length === 1 && item !== undefined) checkSize(item, bytes.length, maxObjectBytes);
    if (items.length === 1 || bytes.length <= PART_BYTES) return void parts.push(bytes);
    const half = Math.ceil(items.length / 2);
    add(list, items.slice(0, half));
    add(list, items.slice(half));
  };
  for (const [list, items] of [['objects', objects] as const, ['hooks', hooks] as const, ['crds', crds] as const]) {
    for (let at = 0; at < items.length; at += PART_ITEMS) add(list, items.slice(at, at + PART_ITEMS));
  }
  return parts;
}

/** The rendering of `partsOfRendering`, large parts of its objects packed; gives way to other work between the parts. */
export async function renderingOfParts([frame, ...parts]: readonly Uint8Array[]): Promise<Rendering> {
  const lists: Record<ListName, Item[]> = { objects: [], hooks: [], crds: [] };
  for (const part of parts) {
    await nextTurn();
    const [list, items] = deserialize(part) as Part;
    await nextTurn();
    for (const item of items) lists[list].push({ ...item, object: pack(item.object).value });
  }
  await nextTurn();
  return { ...(deserialize(frame ?? new Uint8Array()) as Frame), ...lists } as Rendering;
}

function checkSize({ object, source }: Item, bytes: number, max: number): void {
  if (bytes <= max) return;
  const what = `${object.kind} ${object.metadata.name}`;
  throw new ChartError('Limit', `${source}: ${what} takes ${bytes} bytes of the ${max} that an object may have`, {
    limit: { name: 'objectBytes', value: max },
    file: source,
  });
}
