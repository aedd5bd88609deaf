import { type GoMap, GoObject, goTypeOf, methodsOfMap, type TemplateMethod, type Value } from '../../reflect/index.ts';

/** A field or map entry that a receiver cannot have, with Go's text for it. */
export class FieldError extends Error {}

/** How a receiver came to be, which decides the type that Go's errors give it. */
export type Origin = 'value' | 'element';

/** An origin that is known beforehand, or the slot of a variable that holds it while the template runs. */
export type OriginSource = Origin | { readonly slot: number };

const ZERO_VALUES: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['string', ''],
  ['bool', false],
  ['int', 0n],
  ['float64', 0],
]);

/** The value of a field of a struct, or of a map under a key; missing keys give the zero value. Throws `FieldError`. */
export function fieldOf(receiver: Value, name: string, origin: Origin): Value {
  if (receiver instanceof Map) {
    const value = receiver.get(name);
    return value === undefined ? missingEntry(receiver) : value;
  }
  if (receiver === undefined) return undefined;
  if (receiver === null) throw new FieldError(`nil pointer evaluating interface {}.${name}`);
  if (receiver instanceof GoObject) return objectField(receiver, name, origin);
  throw noField(receiver, name, origin);
}

function noField(receiver: Value, name: string, origin: Origin): FieldError {
  const type = origin === 'element' ? 'interface {}' : goTypeOf(receiver);
  return new FieldError(`can't evaluate field ${name} in type ${type}`);
}

function objectField(receiver: GoObject, name: string, origin: Origin): Value {
  const { fields, type } = receiver;
  const value = fields instanceof Map ? fields.get(name) : undefined;
  if (value !== undefined) return value;
  if (type.kind === 'map') return type.zeroElement ?? null;
  if (fields instanceof Map && fields.has(name)) return null;
  throw noField(receiver, name, origin);
}

/** The zero value of the map's element type: nil unless the map is of a type such as map[string]string. */
export function missingEntry(map: GoMap): Value {
  const type = goTypeOf(map);
  if (!type.startsWith('map[string]')) return null;
  return ZERO_VALUES.get(type.slice('map[string]'.length)) ?? null;
}

/** How what is found inside a container comes to be: whether it has the type `interface {}` there. */
export function originIn(container: Value): Origin {
  if (!(container instanceof Map) && !Array.isArray(container)) return 'value';
  const type = goTypeOf(container);
  return type.endsWith('interface {}') || type.endsWith('.Values') ? 'element' : 'value';
}

/** The receiver's method of that name. */
export function methodOf(receiver: Value, name: string): TemplateMethod | undefined {
  if (receiver instanceof Map) return methodsOfMap(receiver)?.get(name);
  return receiver instanceof GoObject ? receiver.type.methods?.get(name) : undefined;
}
