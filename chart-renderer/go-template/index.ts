// Go's text/template, as Helm uses it: parsing, execution and printing, with Go's results and Go's error texts.
// Knows nothing of Helm, charts or Kubernetes: functions come in as a table, data as the values of values.ts.
// A missing map key prints `<no value>`, as in Go; Helm's removal of that text is the caller's.
export { attached } from './attached.ts';
export { BUILTINS } from './builtins.ts';
export { byBytes, byteLength, bytesOfText, piecesByBytes, sliceBytes, textOfBytes } from './bytes.ts';
export type { CallSite } from './call-site.ts';
export { type Budget, DEFAULT_BUDGET } from './execution.ts';
export { equals, isLess } from './compare.ts';
export { formatFloat } from './float-format.ts';
export {
  type Argument,
  type CallContext,
  define,
  defineContextual,
  definePlaced,
  defineVariadic,
  type FunctionTable,
  type TemplateFunction,
} from './functions.ts';
export { namedMap, plainMap } from './map-alias.ts';
export { printAny, printValue, sprint } from './print.ts';
export { isPrintable, quote, quoteRune, unquote } from './quote.ts';
export { sprintf } from './sprintf.ts';
export { type SourcePosition, TemplateError, type TemplateErrorCode } from './template-error.ts';
export { type ExecuteOptions, TemplateFile, TemplateSet } from './template-set.ts';
export { stepsOf, type Trail } from './trail.ts';
export {
  compareStrings,
  fromJson,
  GoInt,
  type GoMap,
  GoObject,
  type GoType,
  goTypeOf,
  type IntKind,
  integerOf,
  intValue,
  isNil,
  isTrue,
  type Kind,
  kindOf,
  listOf,
  mapOf,
  type MapType,
  type NamedParam,
  type ParamType,
  sortedKeys,
  sortStrings,
  type TemplateMethod,
  type Value,
  withGoType,
  withTypeOf,
} from './values.ts';
