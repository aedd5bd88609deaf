import { dump, load } from 'js-yaml';
import type { Values } from './values-at.ts';

/** The values in YAML; empty where there are none. Throws what the reader throws, and TypeError for what is no map. */
export function readYaml(text: string): Values {
  if (text.split('\n').every((line) => /^\s*(#|$)/.test(line))) return {};
  const value: unknown = load(text);
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new TypeError('a map is expected');
  return { ...value };
}

/** Values as YAML; nothing for none. */
export function writeYaml(values: Values): string {
  return Object.keys(values).length === 0 ? '' : dump(values, { lineWidth: -1 });
}
