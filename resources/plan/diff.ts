import { differencesBetween, pathOf, type Difference } from './differences.ts';
import { jsonOf, jsonStart } from '../json/json-text.ts';
import { keyOfObject, titleOfObject } from '../reference.ts';
import { cut } from '../plain-text.ts';
import type { KubeObject } from '../types.ts';

/** One field that differs; `path` is a JSON pointer, empty where the whole object came or went. */
export interface FieldChange {
  /** `Kind/name`. */
  object: string;
  path: string;
  change: 'Added' | 'Removed' | 'Changed';
  from?: string;
  to?: string;
  /** Other objects in which the same field changed in the same way. */
  alsoIn?: string[];
}

/** What differs between two manifests, as far as it is shown. */
export interface ManifestChanges {
  /** What matters most first. */
  changes: FieldChange[];
  /** How many fields differ in all. */
  total: number;
}

/** How changes are shown. */
export interface DiffOptions {
  /** How many changes are shown; those that are alike count once. */
  max: number;
  /** Given each text that is shown, before it is cut; returns what may be shown of it. */
  masked: (text: string) => string;
}

/** Longest value that a change shows, in characters. */
export const MAX_SHOWN = 200;
/** Characters of a value that `masked` is given: what begins before the cut is recognised by what follows. */
const MAX_LOOKED_AT = 1_024;
/** Longest pointer that a change shows, in characters. */
const MAX_PATH = 1_024;
/** The most objects that changes name besides their own: in one change, and in all. */
const MAX_ALSO_IN = { one: 100, all: 500 };

/**
 * The changes between two manifests: images and numbers of replicas first, then objects that came or went, then all other fields, then
 * labels and annotations, and last those that every version of a chart changes. Labels and annotations that change alike in several
 * objects are one change. Values are shortened; what a Secret holds, and its labels and annotations, are masked. A generator: it yields
 * now and then, so that its caller can let others run.
 */
export function* changesBetweenManifests(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
  { max, masked }: DiffOptions,
): Generator<undefined, ManifestChanges> {
  const ranking = new Ranking(max);
  let total = 0;
  for (const [old, now] of pairs(before, after)) {
    const object = now ?? old;
    if (object === undefined) continue;
    for (const difference of differencesBetween(old, now)) {
      if (difference === undefined) {
        yield;
        continue;
      }
      total += 1;
      ranking.add(object, difference);
    }
    yield;
  }
  const changes: FieldChange[] = [];
  let named = 0;
  for (const found of ranking.first()) {
    const alsoIn = alike(found, MAX_ALSO_IN.all - named);
    named += alsoIn.length;
    changes.push({ ...changeOf(found, masked), ...(alsoIn.length > 0 ? { alsoIn } : {}) });
    yield;
  }
  return { changes, total };
}

/** A difference, the object that it is in, and the other objects that differ alike. */
interface Found {
  object: KubeObject;
  difference: Difference;
  others: KubeObject[];
}

/** Pairs of objects in the order of `after`, then those that are gone. */
function pairs(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
): (readonly [KubeObject | undefined, KubeObject | undefined])[] {
  const old = new Map(before.map((object) => [keyOfObject(object), object]));
  const now = new Set(after.map((object) => keyOfObject(object)));
  const gone = before.filter((object) => !now.has(keyOfObject(object)));
  return [
    ...after.map((object) => [old.get(keyOfObject(object)), object] as const),
    ...gone.map((object) => [object, undefined] as const),
  ];
}

const DECISIVE = /^(?:image|tag|digest|replicas|minReplicas|maxReplicas)$/i;
/** Labels and annotations that change with the chart or with another object, and say nothing by themselves. */
const FOLLOWING = /^(?:helm\.sh\/chart|app\.kubernetes\.io\/version|chart|heritage|checksum\/.*)$/;

const RANKS = 5;

function rankOf(difference: Difference): 0 | 1 | 2 | 3 | 4 {
  const key = String(difference.after === undefined ? difference.keyBefore : difference.keyAfter);
  if (isMark(difference)) return FOLLOWING.test(key) ? 4 : 3;
  if (DECISIVE.test(key)) return 0;
  return difference.parent === undefined ? 1 : 2;
}

/** Whether it is a mark: a label, an annotation, or all labels or annotations of an object. */
function isMark({ keyAfter, parent }: Difference): boolean {
  return (parent !== undefined && areMarks(parent)) || areMarks({ keyAfter, parent });
}

function areMarks({ keyAfter, parent }: Pick<Difference, 'keyAfter' | 'parent'>): boolean {
  return parent?.keyAfter === 'metadata' && (keyAfter === 'labels' || keyAfter === 'annotations');
}

/** The differences that matter most, at most `max`; marks that differ alike count once. */
class Ranking {
  readonly #max: number;
  readonly #ranks = Array.from({ length: RANKS }, () => new Map<string | number, Found>());

  constructor(max: number) {
    this.#max = max;
  }

  add(object: KubeObject, difference: Difference): void {
    const rank = this.#ranks[rankOf(difference)];
    if (rank === undefined) return;
    const likeness = isMark(difference) ? likenessOf(object, difference) : rank.size;
    const known = rank.get(likeness);
    if (known) known.others.push(object);
    else if (rank.size < this.#max) rank.set(likeness, { object, difference, others: [] });
  }

  first(): Found[] {
    return this.#ranks.flatMap((rank) => [...rank.values()]).slice(0, this.#max);
  }
}

function likenessOf(object: KubeObject, difference: Difference): string {
  const { before = [], after = [] } = difference;
  return jsonOf([isSecret(object), pathOf(difference), before, after]);
}

function alike({ others }: Found, max: number): string[] {
  return others.slice(0, Math.min(max, MAX_ALSO_IN.one)).map((object) => titleOfObject(object));
}

function changeOf({ object, difference }: Found, masked: DiffOptions['masked']): FieldChange {
  const { before, after } = difference;
  const path = pathOf(difference);
  const change = before === undefined ? 'Added' : after === undefined ? 'Removed' : 'Changed';
  const field = { object: titleOfObject(object), path: cut(path, MAX_PATH), change } as const;
  if (path === '') return field;
  const isHidden = isSecret(object) && (isMark(difference) || /^\/(?:data|stringData)(?:\/|$)/.test(path));
  const shown = (value: unknown): string => (isHidden ? '***' : shownOf(value, masked));
  return {
    ...field,
    ...(before === undefined ? {} : { from: shown(before) }),
    ...(after === undefined ? {} : { to: shown(after) }),
  };
}

function shownOf(value: unknown, masked: DiffOptions['masked']): string {
  const text = typeof value === 'string' ? value.slice(0, MAX_LOOKED_AT) : jsonStart(value, MAX_LOOKED_AT);
  return cut(masked(text), MAX_SHOWN);
}

function isSecret({ kind, apiVersion }: KubeObject): boolean {
  return kind === 'Secret' && apiVersion === 'v1';
}
