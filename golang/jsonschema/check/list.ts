import type { Json } from '../../json/index.ts';
import { checkSize } from './scalar.ts';
import { isEqual } from '../json-values.ts';
import type { Problem } from '../problem.ts';
import type { Visit } from './visit.ts';

/** The keywords about lists. */
export function checkList(visit: Visit, list: readonly Json[]): void {
  checkSize(visit, 'Items', () => list.length);
  if (visit.schema.keyword('uniqueItems') === true) checkUnique(visit, list);
  checkItems(visit, list);
  if (visit.schema.one('contains') !== undefined) checkContains(visit, list);
}

function checkUnique(visit: Visit, list: readonly Json[]): void {
  for (let at = 1; at < list.length; at++) {
    const same = list.slice(0, at).findIndex((item) => isEqual(item, list[at] ?? null));
    if (same < 0) continue;
    visit.add(`items at ${same} and ${at} are equal`);
    return;
  }
}

function checkItems(visit: Visit, list: readonly Json[]): void {
  const { schema } = visit;
  const places = schema.list(schema.draft < 2020 ? 'items' : 'prefixItems');
  const placed = Math.min(places.length, list.length);
  places.slice(0, placed).forEach((place, at) => visit.addInner(place, list[at] ?? null, String(at)));
  const others = places.length > 0 && schema.draft < 2020 ? schema.one('additionalItems') : schema.one('items');
  if (others === undefined || placed === list.length) return;
  if (others.json === false && schema.draft < 2020 && places.length > 0) {
    visit.add(`last ${list.length - placed} additionalItem(s) not allowed`);
    return;
  }
  list.slice(placed).forEach((item, at) => visit.addInner(others, item, String(placed + at)));
}

function checkContains(visit: Visit, list: readonly Json[]): void {
  const { schema } = visit;
  const contained = schema.one('contains');
  if (contained === undefined) return;
  const matched: number[] = [];
  const problems: Problem[] = [];
  for (const [at, item] of list.entries()) {
    const problem = visit.inner(contained, item, String(at));
    if (problem !== undefined) {
      problems.push(problem);
      continue;
    }
    matched.push(at);
    if (schema.draft >= 2020) visit.unevaluated.items?.delete(at);
  }
  checkCount(visit, matched, problems);
}

function checkCount(visit: Visit, matched: readonly number[], problems: readonly Problem[]): void {
  const { schema } = visit;
  const [min, max] = schema.draft < 2019 ? [] : [schema.number('minContains'), schema.number('maxContains')];
  const found = `matched ${matched.length} items at ${matched.join(' ')}`;
  if (min === undefined && matched.length === 0) visit.add('no items match contains schema', problems);
  if (min !== undefined && matched.length < min) {
    const got = matched.length === 0 ? 'none matched' : found;
    visit.add(`min ${min} items required to match contains schema, but ${got}`, problems);
  }
  if (max !== undefined && matched.length > max) {
    visit.add(`max ${max} items required to match contains schema, but ${found}`);
  }
}
