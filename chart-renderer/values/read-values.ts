import { isJsonObject, type JsonObject } from '../../golang/json/index.ts';
import { readYaml, tooManyNodes, YamlError } from '../../golang/yaml/index.ts';
import { nodesIn } from '../../resources/index.ts';
import { valuesDocuments } from '../chart/values-documents.ts';
import { DEFAULT_HELM_VERSION, type HelmVersion } from '../helm-version.ts';
import { mergeValues } from './merge.ts';

/** How a text of values is read. */
export interface ReadValuesOptions {
  readonly helmVersion?: HelmVersion | undefined;
  /** Keys and values that the text may have; a document counts as one more. */
  readonly maxNodes?: number;
}

/**
 * The values in a text, as a `-f` of Helm reads them: Helm 3 takes the first document, Helm 4 lays all of them over each other, later
 * over earlier. Throws `YamlError`, `limit` where there are more than `maxNodes` keys and values, or Error where it holds no map.
 */
export function readValues(
  text: string,
  { helmVersion = DEFAULT_HELM_VERSION, maxNodes = Infinity }: ReadValuesOptions = {},
): JsonObject {
  const [first = '', ...others] = helmVersion === 'v3' ? [text] : valuesDocuments(text);
  if (others.length === 0) return tableIn(first, maxNodes);
  const tables: JsonObject[] = [];
  let nodes = 0;
  for (const document of [first, ...others]) {
    const table = readDocument(document, tables.length + 1, maxNodes);
    nodes += nodesIn(table, maxNodes) + 1;
    if (nodes > maxNodes) throw tooManyNodes(maxNodes);
    tables.push(table);
  }
  return mergeValues(...tables);
}

function tableIn(document: string, maxNodes: number): JsonObject {
  const values = readYaml(document, maxNodes) ?? {};
  if (isJsonObject(values)) return values;
  throw new Error('the text is YAML, but not a map of values');
}

/** Lines are counted from the start of a document, so errors say in which one. */
function readDocument(document: string, number: number, maxNodes: number): JsonObject {
  try {
    return tableIn(document, maxNodes);
  } catch (cause) {
    if (!(cause instanceof Error) || (cause instanceof YamlError && cause.code === 'Limit')) throw cause;
    const message = `document ${number}: ${cause.message}`;
    if (cause instanceof YamlError) throw new YamlError(cause.code, message, cause.line, { cause });
    throw new Error(message, { cause });
  }
}
