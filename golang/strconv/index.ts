// Go's strconv: numbers and quoted strings as text, and back.
// Works on text and numbers alone.
export { formatFloat, printFloat } from './float-format.ts';
export { parseGoFloat, parseGoInt } from './parse-number.ts';
export { isPrintable, LiteralError, quote, quoteRune, unquote, unquoteChar } from './quote.ts';
