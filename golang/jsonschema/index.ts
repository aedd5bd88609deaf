// JSON Schema as the library that Helm uses checks it (santhosh-tekuri/jsonschema v6), draft 4 to 2020-12, with its messages.
// Works on JSON alone; knows nothing of charts or values. References are followed within the schema and to the metaschemas: nothing
// is ever fetched. The only importer of ajv, which brings the metaschemas.
export { compileSchema, type Validate } from './compile.ts';
export { isKnownDialect } from './resources.ts';
