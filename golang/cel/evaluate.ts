import { FUNCTIONS } from './functions.ts';
import { applied, bounded, noOverload } from './operators.ts';
import type { Node, Value } from './syntax.ts';
import { CelError, fieldOf, isMap, keysOf, typeOf, valueOf, type Steps } from './values.ts';

/** What names stand for. */
type Scope = ReadonlyMap<string, Value>;

type Evaluator<Kind extends Node['kind']> = (
  node: Node & { kind: Kind },
  value: (part: Node) => Value,
  rest: Rest,
) => Value;

interface Rest {
  scope: Scope;
  steps: Steps;
}

const EVALUATORS: { readonly [Kind in Node['kind']]: Evaluator<Kind> } = {
  literal: ({ value }) => value,
  name: ({ name }, _, { scope }) => named(name, scope),
  field: (node, value) => field(value(node.of), node),
  index: (node, value) => item(value(node.of), value(node.index)),
  call: ({ name, args }, value, { steps }) => FUNCTIONS.get(name)?.run(args.map(value), steps) ?? null,
  loop: (node, _, { scope, steps }) => looped(node, scope, steps),
  list: ({ items }, value) => items.map(value),
  map: ({ entries }, value) => new Map(entries.map(([key, each]) => [value(key), value(each)])),
  not: ({ of }, value) => !truth(value(of), '!'),
  negative: ({ of }, value) => negated(value(of)),
  and: (node, value) => joined(node, value),
  or: (node, value) => joined(node, value),
  binary: ({ operator, left, right }, value, { steps }) => applied(operator, value(left), value(right), steps),
  choice: ({ test, yes, no }, value) => (truth(value(test), '?') ? value(yes) : value(no)),
};

/** The compiler does not see that each is called with a node of its kind. */
const BY_KIND = EVALUATORS as Readonly<Record<Node['kind'], Evaluator<Node['kind']>>>;

/** The value of an expression. Throws CelError where it has none, CelCostError. */
export function evaluated(node: Node, scope: Scope, steps: Steps): Value {
  steps.take();
  return BY_KIND[node.kind](node, (part) => evaluated(part, scope, steps), { scope, steps });
}

function named(name: string, scope: Scope): Value {
  const value = scope.get(name);
  if (value === undefined) throw new CelError(`there is no ${name}`, { isAbsence: true });
  return value;
}

function field(of: Value, { name, isTest }: { name: string; isTest: boolean }): Value {
  if (!isMap(of)) {
    // A status that is not there yet is null.
    throw new CelError(`a ${typeOf(of)} has no field ${name}`, { isAbsence: of === null });
  }
  const value = fieldOf(of, name);
  if (isTest) return value !== undefined;
  if (value === undefined) throw new CelError(`there is no field ${name}`, { isAbsence: true });
  return value;
}

function item(of: Value, index: Value): Value {
  if (Array.isArray(of) && typeof index === 'bigint') {
    const found = index >= 0n && index < of.length ? of[Number(index)] : undefined;
    if (found === undefined) throw new CelError('there is no such item', { isAbsence: true });
    return valueOf(found);
  }
  if (!isMap(of)) throw noOverload('[]', of, index);
  const value = fieldOf(of, index);
  if (value === undefined) throw new CelError('there is no such key', { isAbsence: true });
  return value;
}

function negated(value: Value): Value {
  if (typeof value === 'bigint') return bounded(-value);
  if (typeof value === 'number') return -value;
  throw noOverload('-', value);
}

function truth(value: Value, operator: string): boolean {
  if (typeof value !== 'boolean') throw noOverload(operator, value);
  return value;
}

/** One side that decides is enough, whatever the other is, or if it has no value. */
function joined({ kind, left, right }: Node & { kind: 'and' | 'or' }, value: (part: Node) => Value): boolean {
  const decisive = kind === 'or';
  const sign = decisive ? '||' : '&&';
  const first = attempted(() => truth(value(left), sign));
  if (first === decisive) return decisive;
  const second = attempted(() => truth(value(right), sign));
  if (second === decisive) return decisive;
  if (first instanceof CelError) throw first;
  if (second instanceof CelError) throw second;
  return !decisive;
}

function attempted<T>(work: () => T): T | CelError {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return error;
  }
}

/** The items of a list, or the keys of a map, each of them a step. */
function itemsOf(over: Value, name: string, steps: Steps): readonly unknown[] {
  if (isMap(over)) return keysOf(over, steps);
  if (!Array.isArray(over)) throw noOverload(name, over);
  steps.take(over.length);
  return over;
}

function looped(node: Node & { kind: 'loop' }, scope: Scope, steps: Steps): Value {
  const over = evaluated(node.over, scope, steps);
  const items = itemsOf(over, node.name, steps);
  const value = (each: unknown, part: Node | undefined): Value =>
    part === undefined ? null : evaluated(part, new Map([...scope, [node.variable, valueOf(each)]]), steps);
  const [first, second] = node.body;
  const holds = (each: unknown): boolean => truth(value(each, first), node.name);
  switch (node.name) {
    case 'all':
      return someDecides(items, holds, false);
    case 'exists':
      return someDecides(items, holds, true);
    case 'exists_one':
      return items.filter(holds).length === 1;
    case 'filter':
      return items.filter(holds).map(valueOf);
    case 'map':
      return second === undefined
        ? items.map((each) => value(each, first))
        : items.filter(holds).map((each) => value(each, second));
  }
}

/** Whether an item decides, or none does; what has no value counts only where none decides. */
function someDecides(items: readonly unknown[], holds: (each: unknown) => boolean, decisive: boolean): boolean {
  let failure: CelError | undefined;
  for (const each of items) {
    const held = attempted(() => holds(each));
    if (held === decisive) return decisive;
    if (held instanceof CelError) failure ??= held;
  }
  if (failure) throw failure;
  return !decisive;
}
