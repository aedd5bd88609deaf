import type { Json } from '../../golang/json/index.ts';
import { isJsonObject } from '../../golang/json/index.ts';
import { readYaml } from '../../golang/yaml/index.ts';
import { textOfBytes } from '../../golang/strings/index.ts';

const FIELD = 'depends-on';

/**
 * What each dependency in a Chart.yaml has as `depends-on`, in their order, unchecked; undefined if none has it. Helm does not read the field
 * yet, so that nothing in it makes a chart invalid here.
 */
export function declaredOrder(chartYaml: Uint8Array): readonly (Json | undefined)[] | undefined {
  const text = textOfBytes(chartYaml);
  if (!text.includes(FIELD)) return undefined;
  const dependencies = dependenciesIn(text);
  const declared = dependencies.map((dependency) => (isJsonObject(dependency) ? dependency[FIELD] : undefined));
  return declared.every((one) => one === undefined || one === null) ? undefined : declared;
}

function dependenciesIn(text: string): readonly Json[] {
  try {
    const metadata = readYaml(text);
    const dependencies = isJsonObject(metadata) ? metadata['dependencies'] : undefined;
    return Array.isArray(dependencies) ? dependencies : [];
  } catch {
    return [];
  }
}
