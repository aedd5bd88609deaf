// The values of Go that templates work on, as they are held in JavaScript, with their types, kinds and methods.
// Pure data: knows nothing of how values are printed, encoded or come about.
export { Complex } from './complex.ts';
export { namedMap, plainMap } from './map-alias.ts';
export {
  compareStrings,
  fromJson,
  GoInt,
  type GoMap,
  GoObject,
  type GoType,
  goTypeOf,
  integerOf,
  intValue,
  isNil,
  isTrue,
  type Kind,
  kindOf,
  listOf,
  mapOf,
  type MapType,
  methodsOfMap,
  type NamedParam,
  type ParamType,
  sortedKeys,
  sortStrings,
  type TemplateMethod,
  type Value,
  withGoType,
  withTypeOf,
} from './values.ts';
