import { isMap, valueAt } from './json/json.ts';
import type { KubeObject } from './types.ts';

/** Where built-in kinds hold bytes in maps, by `apiVersion Kind`. */
const BYTES: Readonly<Record<string, readonly string[]>> = {
  'v1 Secret': ['data'],
  'v1 ConfigMap': ['binaryData'],
};

/** The fields of a Secret or ConfigMap, as `data.key`, that have to be base64 and are texts that are not. */
export function fieldsNotBase64(object: KubeObject): string[] {
  return (BYTES[`${object.apiVersion} ${object.kind}`] ?? []).flatMap((field) => {
    const map = valueAt(object, field);
    const entries = isMap(map) ? Object.entries(map) : [];
    return entries
      .filter(([, value]) => typeof value === 'string' && !isBase64(value))
      .map(([key]) => `${field}.${key}`);
  });
}

/** As Go decodes it: padded, line breaks anywhere. */
function isBase64(text: string): boolean {
  const unbroken = text.replaceAll(/[\r\n]/g, '');
  return unbroken.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(unbroken.replace(/={1,2}$/, ''));
}
