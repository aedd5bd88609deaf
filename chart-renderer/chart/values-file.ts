import { decodeYamlTable, YamlError, type YamlMapValue } from '../../golang/yaml/index.ts';
import type { HelmVersion } from '../helm-version.ts';

type Table = Map<string, YamlMapValue>;

/**
 * The values in a file of them. Helm 3 reads its first document; Helm 4 lays all of them over each other, later over earlier, parted
 * as Kubernetes' reader parts a stream. Throws `YamlError`.
 */
export function readValuesFile(bytes: Uint8Array, helmVersion: HelmVersion): Table {
  if (helmVersion === 'v3') return decodeYamlTable(bytes);
  // Of one character a byte: documents are parted by bytes, and need not be valid UTF-8 to be read.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  // Helm 4's reader ends the last line where it is not ended, which shows in a block scalar.
  const [first = bytes, ...others] = SEPARATOR.test(text)
    ? documentsIn(text).map((document) => Buffer.from(document, 'latin1'))
    : [text === '' || text.endsWith('\n') ? bytes : Buffer.concat([bytes, LINE_BREAK])];
  return others.reduce((below, document) => laidOver(below, decoded(document)), decoded(first));
}

const SEPARATOR = /^---/m;
const LINE_BREAK = Buffer.from('\n');

/** The documents of a stream as k8s.io/apimachinery's YAMLReader finds them: a separator before anything else is a part of the first. */
function documentsIn(text: string): string[] {
  const documents: string[] = [];
  let lines: string[] = [];
  for (const line of text.replace(/\n$/, '').split('\n')) {
    if (isSeparator(line) && lines.length > 0) {
      documents.push(lines.join(''));
      lines = [];
    } else lines.push(`${line.replace(/\r$/, '')}\n`);
  }
  return lines.length === 0 ? documents : [...documents, lines.join('')];
}

function isSeparator(line: string): boolean {
  if (!line.startsWith('---')) return false;
  const rest = line.slice('---'.length).trim();
  if (rest === '' || rest.startsWith('#')) return true;
  throw new YamlError('syntax', `error reading yaml document: invalid Yaml document separator: ${rest}`);
}

function decoded(document: Uint8Array): Table {
  try {
    return decodeYamlTable(document);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { code, message, line } = error;
    throw new YamlError(code, `cannot unmarshal yaml document: ${message}`, line, { cause: error });
  }
}

function laidOver(below: Table, above: Table): Table {
  const merged = new Map(below);
  for (const [key, value] of above) {
    const present = merged.get(key);
    merged.set(key, present instanceof Map && value instanceof Map ? laidOver(present, value) : value);
  }
  return merged;
}
