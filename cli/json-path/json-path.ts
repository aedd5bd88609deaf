import { CliError } from '../errors.ts';
import { stepsOf, valuesAt, type Step } from './steps.ts';

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly steps: readonly Step[] }
  | { readonly kind: 'range'; readonly steps: readonly Step[]; readonly body: Node[] };

/** What kubectl's `-o jsonpath=TEMPLATE` prints of a value; `write` prints maps and lists. Throws CliError Usage. */
export function jsonPathText(template: string, value: unknown, write: (value: object) => string): string {
  return textOf(nodesOf(template), value, write);
}

/** A piece between braces, in which quotes may hold braces, or the text before the next one. */
const PIECES = /\{((?:'[^']*'|"(?:\\.|[^"\\])*"|[^{}'"])*)\}|[^{}]+|[{}]/g;

function nodesOf(template: string): Node[] {
  const root: Node[] = [];
  const open = [root];
  for (const [piece, expression] of template.matchAll(PIECES)) {
    const nodes = open.at(-1) ?? root;
    if (expression === undefined) nodes.push({ kind: 'text', text: plain(piece, template) });
    else if (expression.trim() === 'end') close(open, template);
    else {
      const range = /^\s*range\s+(.*)$/.exec(expression)?.[1];
      if (range === undefined) nodes.push(...expressionNodes(expression.trim()));
      else {
        const body: Node[] = [];
        nodes.push({ kind: 'range', steps: stepsOf(range.trim()), body });
        open.push(body);
      }
    }
  }
  if (open.length > 1) throw new CliError('Usage', `the jsonpath ${template} has a range without {end}`);
  return root;
}

function plain(piece: string, template: string): string {
  if (piece === '{' || piece === '}')
    throw new CliError('Usage', `the jsonpath ${template} has a brace without the other`);
  return piece;
}

function close(open: Node[][], template: string): void {
  if (open.length === 1) throw new CliError('Usage', `the jsonpath ${template} has an {end} without a range`);
  open.pop();
}

/** A text in quotes, or paths. */
function expressionNodes(expression: string): Node[] {
  const quoted = /^"((?:\\.|[^"\\])*)"$|^'([^']*)'$/.exec(expression);
  if (!quoted) return [{ kind: 'path', steps: stepsOf(expression.replace(/^(?=[\w-])/, '.')) }];
  return [{ kind: 'text', text: unescaped(quoted[1] ?? quoted[2] ?? '') }];
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}

function textOf(nodes: readonly Node[], value: unknown, write: (value: object) => string): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text;
      const values = valuesAt(value, node.steps);
      if (node.kind === 'path') return values.map((each) => printed(each, write)).join(' ');
      return values.map((each) => textOf(node.body, each, write)).join('');
    })
    .join('');
}

function printed(value: unknown, write: (value: object) => string): string {
  if (value === null) return '';
  if (typeof value === 'object') return write(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
