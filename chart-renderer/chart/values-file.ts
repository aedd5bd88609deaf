import { decodeYamlTable, YamlError, type YamlMapValue } from '../../golang/yaml/index.ts';
import type { HelmVersion } from '../helm-version.ts';

type Table = Map<string, YamlMapValue>;

/**
 * The values in a file of them. Helm 3 reads its first document; Helm 4 lays all of them over each other, later over earlier, parted
 * as Kubernetes' reader parts a stream. Throws `YamlError`.
 */
export function readValuesFile(bytes: Uint8Array, helmVersion: HelmVersion): Table {
  if (helmVersion === 'v3') return decodeYamlTable(bytes);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [first = bytes, ...others] = isOneDocument(buffer) ? [withLastLineEnded(buffer)] : documentsIn(buffer);
  return others.reduce((below, document) => laidOver(below, decoded(document)), decoded(first));
}

/** Nearly all files of values are: at most they have a separator before it. */
function isOneDocument(file: Buffer): boolean {
  return !file.includes('\n---') && (!file.subarray(0, 3).equals(SEPARATOR) || file[3] === LINE_FEED);
}

const SEPARATOR = Buffer.from('---');
const LINE_FEED = 0x0a;

/** Helm 4's reader ends the last line where it is not ended, which shows in a block scalar. */
function withLastLineEnded(file: Buffer): Buffer {
  return file.length === 0 || file.at(-1) === LINE_FEED ? file : Buffer.concat([file, Buffer.from([LINE_FEED])]);
}

/** The documents of a stream as k8s.io/apimachinery's YAMLReader finds them: a separator before anything else is a part of the first. */
function documentsIn(file: Buffer): Buffer[] {
  const documents: Buffer[] = [];
  let lines: string[] = [];
  // Of one character a byte: documents are split by bytes, and need not be valid UTF-8 to be read.
  const text = file.toString('latin1');
  for (const line of text.replace(/\n$/, '').split('\n')) {
    if (isSeparator(line) && lines.length > 0) {
      documents.push(documentOf(lines));
      lines = [];
    } else lines.push(`${line.replace(/\r$/, '')}\n`);
  }
  return lines.length === 0 ? documents : [...documents, documentOf(lines)];
}

function documentOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join(''), 'latin1');
}

function isSeparator(line: string): boolean {
  if (!line.startsWith('---')) return false;
  const rest = line.slice('---'.length).trim();
  if (rest === '' || rest.startsWith('#')) return true;
  throw new YamlError('Syntax', `error reading yaml document: invalid Yaml document separator: ${rest}`);
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
