import jsonPatch, { type Operation } from 'fast-json-patch';
import { holdsMoreThan, isMap, mapValues, type JsonMap } from '../json/json.ts';
import { PatchError } from './patch-error.ts';

/** Each `copy` may double a document. */
const MAX_NODES = 500_000;

const MESSAGES: Readonly<Record<string, string>> = {
  OPERATION_VALUE_REQUIRED: 'it has no value',
  OPERATION_PATH_INVALID: 'its path does not begin with a slash',
  OPERATION_PATH_ILLEGAL_ARRAY_INDEX: 'a place in a list is a number, or - for its end',
  OPERATION_VALUE_OUT_OF_BOUNDS: 'the list is shorter',
  OPERATION_PATH_UNRESOLVABLE: 'there is nothing at this path (add sets what is not there)',
  OPERATION_PATH_CANNOT_ADD: 'there is nothing that it could be added to: add the map or the list first',
  OPERATION_FROM_UNRESOLVABLE: 'there is nothing at its from',
  TEST_OPERATION_FAILED: 'the value is a different one',
};

const OPERATIONS: readonly Name[] = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

/**
 * A document with the operations of a JSON patch (RFC 6902) applied in their order; neither argument is modified. Throws PatchError, which
 * names the operation.
 */
export function jsonPatched(document: JsonMap, operations: readonly unknown[]): unknown {
  let patched = copied(document, wrapped);
  for (const [index, operation] of operations.entries()) {
    try {
      patched = afterOperation(patched, checked(operation));
    } catch (error) {
      throw new PatchError(`operation ${index + 1} of ${operations.length}${titleOf(operation)}: ${whyOf(error)}`, {
        cause: error,
      });
    }
  }
  return copied(patched, unwrapped);
}

/** Copies and moves are made of the others: the package copies through JSON, which has no whole numbers of more than 53 bits. */
function afterOperation(document: unknown, { op, path, from, value }: Checked): unknown {
  if (op === 'copy') return withCopy(document, from, path);
  if (op === 'move') return withMove(document, from, path);
  return applied(document, op === 'remove' ? { op, path } : { op, path, value: copied(value, wrapped) });
}

function withCopy(document: unknown, from: string, path: string): unknown {
  const value = copied(valueAt(document, from), (scalar) => scalar);
  const larger = applied(document, { op: 'add', path, value });
  if (holdsMoreThan(larger, MAX_NODES)) throw new PatchError('the object becomes too large');
  return larger;
}

function withMove(document: unknown, from: string, path: string): unknown {
  const moved = valueAt(document, from);
  if (path.startsWith(`${from}/`)) throw new PatchError('a value cannot be moved into itself');
  return applied(applied(document, { op: 'remove', path: from }), { op: 'add', path, value: moved });
}

function applied(document: unknown, operation: Operation): unknown {
  return jsonPatch.applyOperation<unknown>(document, operation, true).newDocument;
}

function valueAt(document: unknown, pointer: string): unknown {
  const found: unknown = jsonPatch.getValueByPointer(document, pointer);
  if (found === undefined) throw new PatchError('there is nothing at its from');
  return found;
}

type Name = 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';

interface Checked {
  op: Name;
  path: string;
  from: string;
  value: unknown;
}

function checked(operation: unknown): Checked {
  if (!isMap(operation)) throw new PatchError('it is not a map');
  const { op, path, from = '', value } = operation;
  const name = OPERATIONS.find((operation) => operation === op);
  if (name === undefined) throw new PatchError(`its op is not one of ${OPERATIONS.join(', ')}`);
  if (typeof path !== 'string') throw new PatchError('it has no path');
  if (typeof from !== 'string' || (from === '' && (name === 'move' || name === 'copy'))) {
    throw new PatchError('it has no from');
  }
  return { op: name, path, from, value };
}

function titleOf(operation: unknown): string {
  if (!isMap(operation)) return '';
  const { op, path } = operation;
  return typeof op === 'string' && typeof path === 'string' ? ` (${op} ${path})` : '';
}

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return MESSAGES[error.name] ?? (error instanceof PatchError ? error.message : 'the path leads nowhere');
}

/** A `bigint` for the package, which puts what it complains of into JSON. */
class LargeNumber {
  readonly digits: string;

  constructor(number: bigint) {
    this.digits = String(number);
  }
}

function wrapped(value: unknown): unknown {
  return typeof value === 'bigint' ? new LargeNumber(value) : value;
}

function unwrapped(value: unknown): unknown {
  return value instanceof LargeNumber ? BigInt(value.digits) : value;
}

/**
 * A copy of a value, without parts that occur in it twice, as anchors in YAML make them; each text, number and the like as `change` has it.
 */
function copied(value: unknown, change: (scalar: unknown) => unknown): unknown {
  const changed = change(value);
  if (Array.isArray(changed)) return changed.map((item) => copied(item, change));
  const isPart = isMap(changed) && !(changed instanceof LargeNumber);
  return isPart ? mapValues(changed, (item) => copied(item, change)) : changed;
}
