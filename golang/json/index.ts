// Go's encoding/json: reading and writing with its results and its error texts, and what a value is to an encoder.
// Works on text and on plain data or the values of reflect; knows nothing of what is encoded.
export {
  asNil,
  type Encodable,
  encodable,
  encodableInGo,
  entriesOf,
  FieldMap,
  fieldsOf,
  sortedEntriesOf,
  Verbatim,
} from './encodable.ts';
export { jsonFault } from './fault.ts';
export { JsonRangeError, readJson } from './read.ts';
export { getKey, isJsonObject, type Json, type JsonObject, setKey, toJson } from './value.ts';
export { writeJson } from './write.ts';
