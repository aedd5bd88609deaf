// CEL, the expressions of the API server, as cel-go evaluates them: without protocol buffers, bytes and times. An evaluation takes no more
// steps than it is given, whatever the expression and the object.
export { compiled, type Expression } from './expression.ts';
export { CelSyntaxError, type Value } from './syntax.ts';
export { CelCostError, CelError, Steps } from './values.ts';
