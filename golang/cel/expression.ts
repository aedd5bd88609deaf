import { memoized } from '../memo/index.ts';
import { evaluated } from './evaluate.ts';
import { FUNCTIONS } from './functions.ts';
import { parsed } from './parse.ts';
import { CelSyntaxError, type Node, type Value } from './syntax.ts';
import { valueOf, type Steps } from './values.ts';

/** An expression that was read and found to name nothing unknown. */
export interface Expression {
  /** Its value for these variables, of JSON. Throws CelError where it has none, CelCostError where that takes more steps. */
  evaluate(variables: ReadonlyMap<string, unknown>, steps: Steps): Value;
}

/** Reads an expression of these variables. Throws CelSyntaxError, which says where. */
export function compiled(source: string, variables: readonly string[]): Expression {
  const node = read(source);
  checkNames(node, new Set(variables));
  return {
    evaluate: (values, steps) =>
      evaluated(node, new Map([...values].map(([name, value]) => [name, valueOf(value)])), steps),
  };
}

const read = memoized(parsed);

function checkNames(node: Node, known: ReadonlySet<string>): void {
  if (node.kind === 'name' && !known.has(node.name))
    throw new CelSyntaxError(node.at, `there is no variable ${node.name}; there are ${[...known].join(', ')}`);
  if (node.kind === 'call') checkCall(node);
  if (node.kind === 'loop') {
    checkNames(node.over, known);
    for (const part of node.body) checkNames(part, new Set([...known, node.variable]));
    return;
  }
  for (const part of partsOf(node)) checkNames(part, known);
}

function checkCall({ name, args, isMethod, at }: Node & { kind: 'call' }): void {
  const found = FUNCTIONS.get(name);
  const fits = found !== undefined && (found.call === 'either' || (found.call === 'method') === isMethod);
  if (!fits) throw new CelSyntaxError(at, `there is no ${isMethod ? 'method' : 'function'} ${name}`);
  if (!found.args.includes(args.length)) throw new CelSyntaxError(at, `${name} takes another number of arguments`);
}

function partsOf(node: Node): readonly Node[] {
  if ('of' in node) return node.kind === 'index' ? [node.of, node.index] : [node.of];
  if ('left' in node) return [node.left, node.right];
  if ('args' in node) return node.args;
  if ('items' in node) return node.items;
  if ('entries' in node) return node.entries.flat();
  return node.kind === 'choice' ? [node.test, node.yes, node.no] : [];
}
