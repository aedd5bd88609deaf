// YAML as Helm reads and writes it (go-yaml v2 behind sigs.k8s.io/yaml), JSON as Go's encoding/json and TOML as BurntSushi/toml.
// Works on text and on plain data or the values of go-template; knows nothing of charts, templates or Kubernetes.
// Reading and writing follow go-yaml's own steps, so that what it accepts, refuses and says is the same here.
export { readExactYaml, readYaml, readYamlMaps, type TypedYaml, type YamlMapValue, type YamlValue } from './read.ts';
export {
  type DecodedObject,
  type DecodedValue,
  decodeRead,
  decodeYaml,
  decodeYamlTable,
  type FieldKind,
  type StructType,
  zeroOf,
} from './decode.ts';
export { YamlError, type YamlErrorCode } from './yaml-error.ts';
export { asNil, FieldMap, Verbatim } from './encodable.ts';
export { writeYaml, writeYamlPretty } from './yaml-write.ts';
export { type JsonOptions, writeJson } from './json-write.ts';
export { jsonFault } from './json-fault.ts';
export { type JsonMapValue, JsonRangeError, readJson } from './json-read.ts';
export { readToml } from './toml-read.ts';
export { writeToml } from './toml-write.ts';
