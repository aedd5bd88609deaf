import { quote } from '../../strconv/index.ts';
import { type CommandNode, nodeText, type Operand, type ParsedTemplate, type Statement } from '../parse/nodes.ts';
import { positionOf, TemplateError } from '../template-error.ts';

/** The node that execution was at, as Go counts it. */
export type FaultyNode = Statement | Operand | CommandNode;

/** The error of an execution that failed at a node, with Go's text and, where another template failed below, its position. */
export function executionError(
  template: ParsedTemplate,
  node: FaultyNode,
  message: string,
  cause?: unknown,
): TemplateError {
  const { source } = template;
  const at = positionOf(source.name, source.text, node.pos);
  const prefix = `template: ${source.name}:${at.line}:${at.column}: executing ${quote(template.name)} at <${nodeText(node)}>`;
  const position = (cause instanceof TemplateError ? cause.position : undefined) ?? at;
  return new TemplateError('Execute', `${prefix}: ${message}`, position, cause === undefined ? {} : { cause });
}

/** The error of a function that threw at a node: limits pass unchanged, all else is Go's "error calling". */
export function callError(template: ParsedTemplate, node: FaultyNode, name: string, error: unknown): Error {
  if (error instanceof TemplateError && error.code === 'Limit') return error;
  if (error instanceof RangeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return executionError(template, node, `error calling ${name}: ${message}`, error);
}
