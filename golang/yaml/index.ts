// YAML as Helm reads and writes it: go-yaml v2 behind sigs.k8s.io/yaml.
// Works on text and on plain data or the values of reflect; knows nothing of charts, templates or Kubernetes.
// Reading and writing follow go-yaml's own steps, so that what it accepts, refuses and says is the same here.
export { readExactYaml, readYaml, readYamlInSteps, readYamlMaps, type TypedYaml, type YamlMapValue } from './read.ts';
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
export { tooManyNodes, YamlError } from './yaml-error.ts';
export { writeReadableYaml, writeYaml, writeYamlPretty } from './yaml-write.ts';
