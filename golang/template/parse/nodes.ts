import { quote } from '../../strconv/index.ts';
import type { NumberLiteral } from './number-literal.ts';

/** The text a template was parsed from, and the name errors give it. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

interface Positioned {
  /** Offset into the source's text, in UTF-16 units. */
  readonly pos: number;
}

export interface BoolNode extends Positioned {
  readonly type: 'bool';
  readonly value: boolean;
}
interface DotNode extends Positioned {
  readonly type: 'dot';
}
export interface NilNode extends Positioned {
  readonly type: 'nil';
}
export interface NumberNode extends Positioned {
  readonly type: 'number';
  readonly text: string;
  readonly number: NumberLiteral;
}
export interface StringNode extends Positioned {
  readonly type: 'string';
  readonly quoted: string;
  readonly value: string;
}
interface IdentifierNode extends Positioned {
  readonly type: 'identifier';
  readonly name: string;
}
/** `.a.b` */
interface FieldNode extends Positioned {
  readonly type: 'field';
  readonly fields: readonly string[];
}
/** `$x` or `$x.a.b` */
interface VariableNode extends Positioned {
  readonly type: 'variable';
  readonly name: string;
  readonly fields: readonly string[];
}
/** A term followed by fields, such as `(x).a.b` */
export interface ChainNode extends Positioned {
  readonly type: 'chain';
  readonly operand: Operand;
  readonly fields: readonly string[];
}
export interface CommandNode extends Positioned {
  readonly type: 'command';
  readonly args: readonly Operand[];
}
export interface PipeNode extends Positioned {
  readonly type: 'pipe';
  readonly assigns: 'declare' | 'assign';
  readonly variables: readonly string[];
  readonly commands: readonly CommandNode[];
}

/** What can stand as an argument of a command. */
export type Operand =
  | BoolNode
  | DotNode
  | NilNode
  | NumberNode
  | StringNode
  | IdentifierNode
  | FieldNode
  | VariableNode
  | ChainNode
  | PipeNode;

interface TextNode extends Positioned {
  readonly type: 'text';
  readonly text: string;
}
export interface ActionNode extends Positioned {
  readonly type: 'action';
  readonly pipe: PipeNode;
}
export type BranchNode = IfNode | WithNode | RangeNode;
interface Branch extends Positioned {
  readonly pipe: PipeNode;
  readonly body: Body;
  readonly else: Body | undefined;
}
interface IfNode extends Branch {
  readonly type: 'if';
}
interface WithNode extends Branch {
  readonly type: 'with';
}
interface RangeNode extends Branch {
  readonly type: 'range';
}
type JumpNode = BreakNode | ContinueNode;
interface BreakNode extends Positioned {
  readonly type: 'break';
}
interface ContinueNode extends Positioned {
  readonly type: 'continue';
}
export interface TemplateNode extends Positioned {
  readonly type: 'template';
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

/** A list of statements, of which nodes are made anew each time they are read. */
export interface Body {
  read(): readonly Statement[];
}

/** What a template's body consists of. */
export type Statement = TextNode | ActionNode | BranchNode | JumpNode | TemplateNode;

/** A parsed template; `source` may hold other templates besides. */
export interface ParsedTemplate {
  readonly name: string;
  readonly source: Source;
  /** Whether it consists of nothing but blanks, which keeps it from replacing another one of its name. */
  readonly isBlank: boolean;
  readonly body: Body;
}

type AnyNode = Statement | Operand | CommandNode;

/** How each type of node writes itself back. */
const WRITERS: { readonly [T in AnyNode['type']]: (node: Extract<AnyNode, { type: T }>) => string } = {
  text: (node) => node.text,
  if: branchText,
  with: branchText,
  range: branchText,
  break: () => '{{break}}',
  continue: () => '{{continue}}',
  template: (node) => `{{template ${quote(node.name)}${node.pipe === undefined ? '' : ` ${pipeText(node.pipe)}`}}}`,
  action: (node) => `{{${pipeText(node.pipe)}}}`,
  pipe: pipeText,
  command: (node) => node.args.map(operandText).join(' '),
  chain: (node) => `${operandText(node.operand)}.${node.fields.join('.')}`,
  field: (node) => `.${node.fields.join('.')}`,
  variable: (node) => [node.name, ...node.fields].join('.'),
  bool: (node) => String(node.value),
  dot: () => '.',
  nil: () => 'nil',
  number: (node) => node.text,
  string: (node) => node.quoted,
  identifier: (node) => node.name,
};

/** The node as Go's `String()` writes it back. */
export function nodeText(node: AnyNode): string {
  return (WRITERS[node.type] as (of: AnyNode) => string)(node);
}

function operandText(node: Operand): string {
  return node.type === 'pipe' ? `(${pipeText(node)})` : nodeText(node);
}

function pipeText(pipe: PipeNode): string {
  const commands = pipe.commands.map(nodeText).join(' | ');
  if (pipe.variables.length === 0) return commands;
  return `${pipe.variables.join(', ')} ${pipe.assigns === 'assign' ? '=' : ':='} ${commands}`;
}

function branchText(node: BranchNode): string {
  const elseText = node.else === undefined ? '' : `{{else}}${bodyText(node.else)}`;
  return `{{${node.type} ${pipeText(node.pipe)}}}${bodyText(node.body)}${elseText}{{end}}`;
}

function bodyText(body: Body): string {
  return body.read().map(nodeText).join('');
}
