import { mapOf, type Value } from '../reflect/index.ts';
import type { CallSite } from './call-site.ts';

/** One step of the way by which an execution came to where it is: the file it began with, a call, or the current round of a loop. */
export class CallPath {
  readonly outer: CallPath | undefined;
  readonly start: CallPath;
  /** The name of the file, for the first step. */
  readonly file: string | undefined;
  readonly site: CallSite | undefined;
  /** The index or key of a round. */
  index: Value;
  element: Value;

  private constructor(outer: CallPath | undefined, file: string | undefined, site: CallSite | undefined) {
    this.outer = outer;
    this.start = outer === undefined ? this : outer.start;
    this.file = file;
    this.site = site;
    this.index = undefined;
    this.element = undefined;
  }

  static ofFile(name: string): CallPath {
    return new CallPath(undefined, name, undefined);
  }

  /** The way on through a call. */
  through(site: CallSite): CallPath {
    return new CallPath(this, undefined, site);
  }

  /** The way on into a loop, whose rounds then set `index` and `element`. */
  intoLoop(): CallPath {
    return new CallPath(this, undefined, undefined);
  }
}

/** What distinguishes this way from others of the same start, innermost first: the places of calls, and what each round of a loop is about. */
export function stepsOf(callPath: CallPath): string[] {
  const steps: string[] = [];
  for (let step = callPath; step.outer !== undefined; step = step.outer) steps.push(step.site?.place ?? roundOf(step));
  return steps;
}

/** Fields by which the maps of a list are told apart. */
const NAMES = ['name', 'key', 'id', 'user', 'username'];

/** A round is known by the key or the content of its element, not by its number: others may come and go before it. */
function roundOf({ index, element }: CallPath): string {
  if (typeof index === 'string') return JSON.stringify(['key', index]);
  const scalar = scalarOf(element);
  if (scalar !== undefined) return JSON.stringify(['item', scalar]);
  const map = mapOf(element);
  const name = NAMES.find((field) => scalarOf(map?.get(field)) !== undefined);
  return JSON.stringify(name === undefined ? ['item'] : ['item', name, scalarOf(map?.get(name))]);
}

function scalarOf(value: Value): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : undefined;
}
