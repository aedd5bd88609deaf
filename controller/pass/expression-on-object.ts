import { CelError, compiled, type Expression, type Steps, type Value } from '../../golang/cel/index.ts';
import { unpacked, type KubeObject } from '../../resources/index.ts';

/** What an expression about an object can name. */
const VARIABLES = ['object', 'metadata', 'spec', 'status'];

/** Reads an expression about an object. Throws CelSyntaxError, which says where. */
export function expressionOf(source: string): Expression {
  return compiled(source, VARIABLES);
}

/** The values of the variables for an object, whose packed parts are decoded once: an expression may read each of them a thousand times. */
export function variablesOf(packed: KubeObject): ReadonlyMap<string, unknown> {
  const object = unpacked(packed);
  const { metadata, spec = {}, status = {} } = object as KubeObject & { spec?: unknown; status?: unknown };
  return new Map<string, unknown>(Object.entries({ object, metadata, spec, status }));
}

/** The value of an expression, or why it has none; what reads something that is not there is false. */
export function evaluated(
  expression: Expression,
  variables: ReadonlyMap<string, unknown>,
  steps: Steps,
): Value | Error {
  try {
    return expression.evaluate(variables, steps);
  } catch (error) {
    if (error instanceof CelError && error.isAbsence) return false;
    if (error instanceof Error) return error;
    throw error;
  }
}

/** Keeps with each object the last result for it, and the text of the expression that gave it. An object that changes is another one. */
export class LastResults<T> {
  readonly #byObject = new WeakMap<KubeObject, { written: string; result: T }>();

  /** The result for the object, if the same text gave it. */
  get(object: KubeObject, written: string): { result: T } | undefined {
    const last = this.#byObject.get(object);
    return last?.written === written ? last : undefined;
  }

  set(object: KubeObject, written: string, result: T): void {
    this.#byObject.set(object, { written, result });
  }
}
