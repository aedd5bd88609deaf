import { attached } from '../memo/index.ts';
import type { CommandNode, Operand, ParsedTemplate, Statement } from './parse/nodes.ts';

/** A place in a template from which a function, or another template, is called. */
export class CallSite {
  readonly #template: ParsedTemplate;
  readonly #pos: number;

  constructor(template: ParsedTemplate, pos: number) {
    this.#template = template;
    this.#pos = pos;
  }

  /**
   * A name for the place that edits elsewhere in the file do not change: the named template, the function, what stands before the call on its
   * line, and its number among the calls for which all this is equal.
   */
  get place(): string {
    return placesIn(this.#template).get(this.#pos) ?? '';
  }
}

const placesIn = attached(({ name: template, source, body }: ParsedTemplate): ReadonlyMap<number, string> => {
  const named = new Map<number, string>();
  const counts = new Map<string, number>();
  for (const { name, pos } of callsIn(body.read())) {
    const what = JSON.stringify([template, name, labelAt(source.text, pos)]);
    const before = counts.get(what) ?? 0;
    counts.set(what, before + 1);
    named.set(pos, `${what}${before}`);
  }
  return named;
});

/** Characters before an action that its label is made of, at most. */
const LABEL_CHARS = 300;

/** What a call is for, as far as its line tells: the text before its action, such as a key in YAML, and the variable that takes the result. */
function labelAt(text: string, pos: number): string {
  const open = text.lastIndexOf('{{', pos);
  const near = text.slice(Math.max(open - LABEL_CHARS, 0), open);
  const before = near.slice(near.lastIndexOf('\n') + 1).replaceAll(/\{\{.*?\}\}/g, ' ');
  const variable = /^\{\{-?\s*(\$\w*)\s*:?=/.exec(text.slice(open, open + LABEL_CHARS))?.[1] ?? '';
  return `${before} ${variable}`.replaceAll(/\s+/g, ' ').trim();
}

interface Call {
  readonly name: string;
  readonly pos: number;
}

type AnyNode = Statement | Operand | CommandNode;

/** The calls of functions and templates in the order of the text. */
function* callsIn(nodes: readonly AnyNode[]): Generator<Call> {
  for (const node of nodes) {
    if (node.type === 'identifier') yield node;
    if (node.type === 'template') yield { name: `template ${node.name}`, pos: node.pos };
    yield* callsIn(childrenOf(node));
  }
}

function childrenOf(node: AnyNode): readonly AnyNode[] {
  if ('commands' in node) return node.commands;
  if ('args' in node) return node.args;
  if ('operand' in node) return [node.operand];
  const pipe = 'pipe' in node && node.pipe !== undefined ? [node.pipe] : [];
  return 'body' in node ? [...pipe, ...node.body.read(), ...(node.else?.read() ?? [])] : pipe;
}
