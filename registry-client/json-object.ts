import { RegistryError } from './errors.ts';

/** Returns the object that a JSON text is; throws `code` where it is not JSON or not an object. */
export function parseJsonObject(
  text: Uint8Array,
  code: 'InvalidManifest' | 'InvalidResponse',
  what: string,
): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch (cause) {
    throw new RegistryError({ code, reason: `${what} is not JSON`, cause });
  }
  if (!isObject(value)) throw new RegistryError({ code, reason: `${what} is not a JSON object` });
  return value;
}

/** Tells whether a parsed JSON or YAML value is an object (and not a list). */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
