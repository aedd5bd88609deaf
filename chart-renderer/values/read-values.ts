import { isJsonObject, type JsonObject } from '../../golang/json/index.ts';
import { readYamlInSteps, tooManyNodes, YamlError } from '../../golang/yaml/index.ts';
import { atOnce, nodesIn } from '../../resources/index.ts';
import { valuesDocuments } from '../chart/values-documents.ts';
import { DEFAULT_HELM_VERSION, type HelmVersion } from '../helm-version.ts';
import { mergeValues } from './merge.ts';

/** How a text of values is read. */
export interface ReadValuesOptions {
  readonly helmVersion?: HelmVersion | undefined;
  /** Keys and values that the text may have; each of several documents counts as fifty more. */
  readonly maxNodes?: number;
}

/** Reading a document takes as long as reading this many keys and values. */
const DOCUMENT_NODES = 50;

/**
 * The values in a text, as a `-f` of Helm reads them: Helm 3 takes the first document, Helm 4 lays all of them over each other, later
 * over earlier. Throws `YamlError`, `limit` where there are more than `maxNodes` keys and values, or Error where it holds no map.
 */
export function readValues(text: string, options: ReadValuesOptions = {}): JsonObject {
  return atOnce(readValuesInSteps(text, options));
}

/** As `readValues`. A generator: it yields now and then, so that its caller can let others run. */
export function* readValuesInSteps(
  text: string,
  { helmVersion = DEFAULT_HELM_VERSION, maxNodes = Infinity }: ReadValuesOptions = {},
): Generator<undefined, JsonObject> {
  if (helmVersion === 'v3') return yield* tableIn(text, maxNodes);
  const documents = valuesDocuments(text);
  const first = documents.next();
  const second = documents.next();
  if (first.done === true || second.done === true) return yield* tableIn(first.value ?? '', maxNodes);
  const tables: JsonObject[] = [];
  let nodes = 0;
  for (const document of chained([first.value, second.value], documents)) {
    const table = yield* readDocument(document, tables.length + 1, maxNodes);
    nodes += nodesIn(table, maxNodes) + DOCUMENT_NODES;
    if (nodes > maxNodes) throw tooManyNodes(maxNodes);
    tables.push(table);
    yield;
  }
  return mergeValues(...tables);
}

function* chained<T>(...parts: Iterable<T>[]): Iterable<T> {
  for (const part of parts) yield* part;
}

function* tableIn(document: string, maxNodes: number): Generator<undefined, JsonObject> {
  const values = (yield* readYamlInSteps(document, maxNodes)) ?? {};
  if (isJsonObject(values)) return values;
  throw new Error('the text is YAML, but not a map of values');
}

/** Lines are counted from the start of a document, so errors say in which one. */
function* readDocument(document: string, number: number, maxNodes: number): Generator<undefined, JsonObject> {
  try {
    return yield* tableIn(document, maxNodes);
  } catch (cause) {
    if (!(cause instanceof Error) || (cause instanceof YamlError && cause.code === 'Limit')) throw cause;
    const message = `document ${number}: ${cause.message}`;
    if (cause instanceof YamlError) throw new YamlError(cause.code, message, cause.line, { cause });
    throw new Error(message, { cause });
  }
}
