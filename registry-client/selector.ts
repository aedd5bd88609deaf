import {
  asRange,
  asStrictVersion,
  asVersion,
  compareVersions,
  inRange,
  type Version,
  type VersionRange,
} from '../golang/semver/index.ts';
import { RegistryError } from './errors.ts';

/** What a caller asked for: one version (or tag) by its name, or the newest of a range. */
export type Selector = { kind: 'exact'; name: string } | { kind: 'range'; range: VersionRange; text: string };

const SHOWN = 5;

/** Reads what was asked for: `1.2.3` and what is not a range are names, `^1.2`, `1.2` and `*` ranges; nothing is `*`. */
export function selectorOf(text: string = '*'): Selector {
  const wanted = text.trim() === '' ? '*' : text.trim();
  const range = asStrictVersion(wanted.replace(/^v/, '')) === undefined ? asRange(wanted) : undefined;
  return range === undefined ? { kind: 'exact', name: wanted } : { kind: 'range', range, text: wanted };
}

/** Tells whether a version is what was asked for; a name that is not a version is a tag, of which a version says nothing. */
export function isSelected(selector: Selector, text: string): boolean {
  const version = asVersion(text);
  if (version === undefined) return selector.kind === 'exact';
  if (selector.kind === 'range') return inRange(version, selector.range);
  const wanted = asVersion(selector.name);
  return wanted === undefined || compareVersions(wanted, version) === 0;
}

/** Sorts versions newest first; equal ones stay in their order. */
export function newestFirst<Item extends { version: Version }>(items: readonly Item[]): Item[] {
  return items.toSorted((left, right) => compareVersions(right.version, left.version));
}

/** Returns the newest item in the range; throws `NoVersionMatches`, naming the newest versions there are. */
export function pickNewest<Item extends { version: Version }>(
  items: readonly Item[],
  { range, text }: Extract<Selector, { kind: 'range' }>,
): Item {
  let newest: Item | undefined;
  for (const item of items) {
    const isNewer = newest === undefined || compareVersions(item.version, newest.version) > 0;
    if (isNewer && inRange(item.version, range)) newest = item;
  }
  if (newest !== undefined) return newest;
  throw new RegistryError({
    code: 'NoVersionMatches',
    reason: `no version is in the range ${text}`,
    nextStep: versionsThereAre(items),
  });
}

/** Returns the error for a version of that name that does not exist. */
export function versionNotFound(name: string, items: readonly { version: Version }[]): RegistryError {
  return new RegistryError({
    code: 'VersionNotFound',
    reason: `there is no version ${name}`,
    nextStep: versionsThereAre(items),
  });
}

function versionsThereAre(items: readonly { version: Version }[]): string {
  if (items.length === 0) return 'there are no versions at all';
  let newest: { version: Version }[] = [];
  for (const item of items) {
    const last = newest.at(-1);
    const isShown = newest.length < SHOWN || (last && compareVersions(item.version, last.version) > 0);
    if (isShown) newest = newestFirst([...newest, item]).slice(0, SHOWN);
  }
  const shown = newest.map(({ version }) => version.original).join(', ');
  return items.length > SHOWN ? `the newest of ${items.length} are ${shown}` : `there are ${shown}`;
}
