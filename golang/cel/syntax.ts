/** A value of an expression: ints are bigints, doubles are numbers. */
export type Value = null | boolean | bigint | number | string | Value[] | ReadonlyMap<Value, Value> | JsonObject;

/** A map that came from JSON, read by its own keys only. */
export type JsonObject = { readonly [key: string]: unknown };

/** An operator of two operands that are both evaluated. */
export type BinaryOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' | '-' | '*' | '/' | '%';

/** The macros that go through the items of a list or the keys of a map. */
export type LoopName = 'all' | 'exists' | 'exists_one' | 'map' | 'filter';

/** A part of an expression; `at` is where it begins. */
export type Node = { readonly at: number } & (
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'field'; readonly of: Node; readonly name: string; readonly isTest: boolean }
  | { readonly kind: 'index'; readonly of: Node; readonly index: Node }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[]; readonly isMethod: boolean }
  | {
      readonly kind: 'loop';
      readonly name: LoopName;
      readonly over: Node;
      readonly variable: string;
      readonly body: readonly Node[];
    }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Node, Node])[] }
  | { readonly kind: 'not' | 'negative'; readonly of: Node }
  | { readonly kind: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'choice'; readonly test: Node; readonly yes: Node; readonly no: Node }
);

/** An expression that is none: where, counted from 1, and why. */
export class CelSyntaxError extends Error {
  override readonly name = 'CelSyntaxError';

  constructor(at: number, why: string) {
    super(`at character ${at + 1}: ${why}`);
  }
}
