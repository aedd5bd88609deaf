import { GoInt, GoObject, goTypeOf, type NamedParam, type ParamType, type Value } from '../../reflect/index.ts';
import type { Evaluate } from './execution.ts';
import { paramTypeName } from '../functions.ts';
import type { BoolNode, NilNode, NumberNode, Operand, StringNode } from '../parse/nodes.ts';

/** An argument that a parameter cannot take, with Go's text for it. */
export class ArgumentError extends Error {}

/** Throws the error of an argument, at its place. */
export type Fail = (message: string) => never;

type BasicParam = Exclude<ParamType, NamedParam | 'any' | 'reflect'>;

const EMPTY_OF_NIL: ReadonlyMap<ParamType, () => Value> = new Map<ParamType, () => Value>([
  ['any', () => null],
  ['reflect', () => undefined],
  ['map', () => new Map()],
  ['list', () => []],
  ['strings', () => []],
]);

const EXPECTED_LITERAL: ReadonlyMap<ParamType, string> = new Map<ParamType, string>([
  ['string', 'string'],
  ['bool', 'bool'],
  ['int', 'integer'],
  ['int64', 'integer'],
  ['float64', 'float'],
  ['uint32', 'unsigned integer'],
]);

const PLAIN_MAPS: ReadonlySet<string> = new Set(['map[string]interface {}', 'chartutil.Values', 'common.Values']);

type LiteralNode = BoolNode | NilNode | NumberNode | StringNode;

/** Whether the operand is a constant. */
export function isLiteral(node: Operand): node is LiteralNode {
  return node.type === 'bool' || node.type === 'string' || node.type === 'number' || node.type === 'nil';
}

/** What a literal is under each type it can have. */
function literalForms(node: Operand): Partial<Record<BasicParam, Value>> {
  if (node.type === 'string') return { string: node.value };
  if (node.type === 'bool') return { bool: node.value };
  if (node.type !== 'number') return {};
  const { int, float } = node.number;
  // Go reads no unsigned number with a plus sign.
  const whole = int === undefined ? undefined : Number(int);
  const hasSign = int === undefined || int < 0n || (node.text.startsWith('+') && int > 0n);
  const unsigned = hasSign ? undefined : Number(BigInt.asUintN(32, int));
  return { float64: float, int: whole, int64: int, uint32: unsigned };
}

/** The argument that a literal is for a parameter; throws `ArgumentError` where it cannot be one. */
export function literalArgument(node: Operand, param: ParamType): Value {
  if (node.type === 'nil') return nilLiteral(param);
  if (param === 'any' || param === 'reflect') return naturalValue(node);
  const value = typeof param === 'string' ? literalForms(node)[param] : undefined;
  return value ?? mismatchedLiteral(node, param);
}

function mismatchedLiteral(node: Operand, param: ParamType): never {
  const text = literalSource(node);
  const expected = EXPECTED_LITERAL.get(param);
  throw new ArgumentError(
    expected === undefined
      ? `can't handle ${text} for arg of type ${paramTypeName(param)}`
      : `expected ${expected}; found ${text}`,
  );
}

function literalSource(node: Operand): string {
  if (node.type === 'string') return node.quoted;
  if (node.type === 'number') return node.text;
  return node.type === 'bool' ? String(node.value) : node.type;
}

function nilLiteral(param: ParamType): Value {
  const empty = EMPTY_OF_NIL.get(param);
  if (empty === undefined) throw new ArgumentError(`cannot assign nil to ${paramTypeName(param)}`);
  return empty();
}

/** The value of a literal where nothing asks for a type. */
function naturalValue(node: Operand): Value {
  if (node.type === 'string' || node.type === 'bool') return node.value;
  if (node.type !== 'number') throw new ArgumentError(`can't evaluate command ${node.type}`);
  const { natural, int, float, complex } = node.number;
  if (natural === 'overflow') throw new ArgumentError(`${node.text} overflows int`);
  if (natural === 'complex128') return complex;
  return natural === 'int' ? int : float;
}

const CONVERSIONS: Readonly<Record<BasicParam, (value: Value) => Value | undefined>> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  bool: (value) => (typeof value === 'boolean' ? value : undefined),
  float64: (value) => (typeof value === 'number' ? value : undefined),
  int: (value) => (typeof value === 'bigint' ? Number(value) : undefined),
  int64: (value) => (value instanceof GoInt && value.kind === 'int64' ? value.value : undefined),
  uint32: (value) => (value instanceof GoInt && value.kind === 'uint32' ? Number(value.value) : undefined),
  map: (value) => (value instanceof Map && PLAIN_MAPS.has(goTypeOf(value)) ? value : undefined),
  list: (value) => (Array.isArray(value) && goTypeOf(value) === '[]interface {}' ? value : undefined),
  strings: (value) => (Array.isArray(value) && goTypeOf(value) === '[]string' ? value : undefined),
};

/** The expression with its value checked and converted for a parameter. */
export function argumentFor(param: ParamType, evaluate: Evaluate, fail: Fail): Evaluate {
  if (param === 'reflect') return evaluate;
  const convert = converterFor(param, fail);
  return (run, dot) => convert(evaluate(run, dot));
}

/** What checks and converts values for a parameter. */
export function converterFor(param: ParamType, fail: Fail): (value: Value) => Value {
  if (param === 'any') return anyArgument;
  if (param === 'string') return (value) => (typeof value === 'string' ? value : mismatched(param, value, fail));
  return (value) => convertArgument(param, value, fail);
}

/** The value as the argument of a parameter. */
export function convertArgument(param: ParamType, value: Value, fail: Fail): Value {
  if (param === 'reflect') return value;
  if (param === 'any') return anyArgument(value);
  if (typeof param === 'object') return param.accepts(value) ? value : mismatched(param, value, fail);
  return CONVERSIONS[param](value) ?? mismatched(param, value, fail);
}

function anyArgument(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value ?? null;
  return value instanceof GoObject && value.type.withoutAddress !== undefined
    ? value.type.withoutAddress(value)
    : value;
}

function mismatched(param: ParamType, value: Value, fail: Fail): Value {
  const expected = paramTypeName(param);
  if (value !== undefined) {
    return fail(`wrong type for value; expected ${expected}; got ${value === null ? 'interface {}' : goTypeOf(value)}`);
  }
  const empty = EMPTY_OF_NIL.get(param);
  return empty === undefined ? fail(`invalid value; expected ${expected}`) : empty();
}
