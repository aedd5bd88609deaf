import { RegistryError } from './errors.ts';

/** No registry nests deeper. Half a megabyte of brackets alone takes ten times as long to parse as anything else of that size. */
const MAX_NESTING = 100;

/** Returns the object that a JSON text is; throws `code` where it is not JSON, not an object, or nested more than 100 deep. */
export function parseJsonObject(
  text: Uint8Array,
  code: 'InvalidManifest' | 'InvalidResponse',
  what: string,
): Record<string, unknown> {
  if (nestsDeeper(text)) throw new RegistryError({ code, reason: `${what} is nested more than ${MAX_NESTING} deep` });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch (cause) {
    throw new RegistryError({ code, reason: `${what} is not JSON`, cause });
  }
  if (!isObject(value)) throw new RegistryError({ code, reason: `${what} is not a JSON object` });
  return value;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

function nestsDeeper(text: Uint8Array): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length && depth <= MAX_NESTING; at += 1) {
    const byte = text[at] ?? 0;
    if (isString) {
      if (byte === BACKSLASH) at += 1;
      else isString = byte !== QUOTE;
    } else if (byte === QUOTE) isString = true;
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) depth -= 1;
  }
  return depth > MAX_NESTING;
}

/** Tells whether a parsed JSON or YAML value is an object (and not a list). */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
