import { decodeYamlTable, YamlError, type YamlMapValue } from '../../golang/yaml/index.ts';
import type { HelmVersion } from '../helm-version.ts';
import { valuesDocuments } from './values-documents.ts';

type Table = Map<string, YamlMapValue>;

/**
 * The values in a file of them. Helm 3 reads its first document; Helm 4 lays all of them over each other, later over earlier.
 * Throws `YamlError`.
 */
export function readValuesFile(bytes: Uint8Array, helmVersion: HelmVersion): Table {
  if (helmVersion === 'v3') return decodeYamlTable(bytes);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isPlain(buffer)) return decoded(buffer);
  // Of one character a byte: documents are split by bytes, and need not be valid UTF-8 to be read.
  const text = buffer.toString('latin1');
  const documents = Array.from(valuesDocuments(text), (document) => Buffer.from(document, 'latin1'));
  const [first = Buffer.of(), ...others] = documents;
  return others.reduce((below, document) => laidOver(below, decoded(document)), decoded(first));
}

/** One document without a separator, its last line ended, as nearly all are: it need not be copied. */
function isPlain(file: Buffer): boolean {
  return file[0] !== DASH && file.at(-1) === LINE_FEED && !file.includes('\n---');
}

const [LINE_FEED, DASH] = [0x0a, 0x2d];

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
