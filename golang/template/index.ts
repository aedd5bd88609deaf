// Go's text/template, as Helm uses it: parsing and execution, with Go's results and Go's error texts.
// Knows nothing of Helm, charts or Kubernetes: functions come in as a table, data as the values of reflect.
// A missing map key prints `<no value>`, as in Go; Helm's removal of that text is the caller's.
export type { CallSite } from './call-site.ts';
export { type Budget, DEFAULT_BUDGET } from './compile/execution.ts';
export {
  type CallContext,
  define,
  defineContextual,
  definePlaced,
  defineVariadic,
  type FunctionTable,
  type TemplateFunction,
} from './functions.ts';
export { type SourcePosition, TemplateError, type TemplateErrorCode } from './template-error.ts';
export { type ExecuteOptions, TemplateFile, TemplateSet } from './template-set.ts';
export { stepsOf, type CallPath } from './call-path.ts';
