import {
  Complex,
  GoInt,
  type GoMap,
  type GoObject,
  goTypeOf,
  integerOf,
  isNil,
  sortedKeys,
  type Value,
} from '../reflect/index.ts';
import { quote } from '../strconv/index.ts';
import { bytesOfText, textOfBytes } from '../strings/index.ts';
import { type Flags, pad, PLAIN, truncate } from './format-flags.ts';
import { formatComplex, formatFloatValue, formatInteger } from './format-number.ts';

/** Where a value is printed: on its own, or inside another; and whether inside the text of a bad verb. */
type Place = 'top' | 'inside' | 'error';

/** Go has real addresses here, different at every run. */
const ADDRESS = '0xc000010000';
const TEXT_VERBS: ReadonlySet<string> = new Set(['v', 's', 'x', 'X', 'q']);

/** The value as Go's fmt prints it under a verb. */
export function formatValue(value: Value, verb: string, flags: Flags = PLAIN): string {
  if (isNil(value)) return verb === 'T' || verb === 'v' ? pad('<nil>', flags) : `%!${verb}(<nil>)`;
  if (verb === 'T') return formatText(goTypeOf(value), 's', flags);
  return verb === 'p' ? formatPointer(value, flags) : formatAt(value, verb, flags, 'top');
}

function formatAt(value: Value, verb: string, flags: Flags, place: Place): string {
  if (typeof value === 'string') return formatText(value, verb, flags);
  if (typeof value === 'number') return formatFloatValue(value, verb, flags) ?? badVerb(value, verb, flags);
  if (typeof value === 'bigint') return formatIntegerValue(value, value, verb, flags);
  if (typeof value === 'boolean') return 'tv'.includes(verb) ? pad(String(value), flags) : badVerb(value, verb, flags);
  return isNil(value) ? formatInnerNil(flags) : formatObject(value, verb, flags, place);
}

function formatInnerNil(flags: Flags): string {
  return flags.goSyntax ? 'interface {}(nil)' : '<nil>';
}

function formatObject(value: Value & object, verb: string, flags: Flags, place: Place): string {
  if (value instanceof GoInt) return formatIntegerValue(value, value.value, verb, flags);
  if (value instanceof Uint8Array) return formatBytes(value, verb, flags, place);
  if (verb === 'w') return badVerb(value, verb, flags);
  if (value instanceof Map) return formatMap(value, value, verb, flags);
  if (Array.isArray(value)) return formatList(value, value, verb, flags);
  return formatNamed(value, verb, flags, place);
}

function badVerb(value: Value, verb: string, flags: Flags): string {
  return `%!${verb}(${goTypeOf(value)}=${formatAt(value, 'v', flags, 'error')})`;
}

// Strings and bytes

function formatText(text: string, verb: string, flags: Flags): string {
  if (verb === 's' || (verb === 'v' && !flags.goSyntax)) return pad(truncate(text, flags.precision), flags);
  if (verb === 'q' || verb === 'v') return formatQuoted(text, flags);
  if (verb === 'x' || verb === 'X') return formatHex(bytesOfText(text), verb, flags);
  return badVerb(text, verb, flags);
}

function formatQuoted(text: string, flags: Flags): string {
  const shown = truncate(text, flags.precision);
  // oxlint-disable-next-line no-control-regex
  if (flags.sharp && !/[\x00-\x08\x0a-\x1f\x7f`\ufeff]/.test(shown)) return pad(`\`${shown}\``, flags);
  return pad(quote(shown, flags.plus ? 'ascii' : 'unicode'), flags);
}

function formatHex(bytes: Uint8Array, verb: string, flags: Flags): string {
  const shown = bytes.subarray(0, flags.precision ?? bytes.length);
  if (shown.length === 0) return pad('', flags);
  const prefix = flags.sharp ? '0x' : '';
  const pairOf = (byte: number): string => byte.toString(16).padStart(2, '0');
  const text = prefix + joinBytes(shown, pairOf, flags.space ? ` ${prefix}` : '');
  return pad(verb === 'X' ? text.toUpperCase() : text, flags);
}

function formatBytes(bytes: Uint8Array, verb: string, flags: Flags, place: Place): string {
  if (flags.goSyntax && (verb === 'v' || verb === 'd')) {
    const type = place === 'top' ? '[]byte' : '[]uint8';
    return `${type}{${joinBytes(bytes, (byte) => `0x${byte.toString(16)}`, ', ')}}`;
  }
  if (verb === 'x' || verb === 'X') return formatHex(bytes, verb, flags);
  if (verb === 's' || verb === 'q') return formatText(textOfBytes(bytes), verb, flags);
  return `[${joinBytes(bytes, (byte) => formatByte(byte, verb, flags), ' ')}]`;
}

/** How many texts are joined at a time: V8 takes several times as long for a million of them. */
const JOINED_BYTES = 4096;

/** The texts of bytes in a row. Each of the 256 is made once: charts print whole files. */
function joinBytes(bytes: Uint8Array, textOf: (byte: number) => string, separator: string): string {
  const texts: string[] = [];
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += JOINED_BYTES) {
    const part: string[] = [];
    for (const byte of bytes.subarray(at, at + JOINED_BYTES)) part.push((texts[byte] ??= textOf(byte)));
    parts.push(part.join(separator));
  }
  return parts.join(separator);
}

function formatByte(byte: number, verb: string, flags: Flags): string {
  const value = new GoInt('uint8', BigInt(byte));
  return formatIntegerValue(value, value.value, verb, flags);
}

function formatIntegerValue(of: Value, value: bigint, verb: string, flags: Flags): string {
  if (verb === 'v' && flags.goSyntax && goTypeOf(of).startsWith('u')) return pad(`0x${value.toString(16)}`, flags);
  return formatInteger(value, verb, flags) ?? badVerb(of, verb, flags);
}

// Collections

function formatList(of: Value, list: readonly Value[], verb: string, flags: Flags): string {
  const items = list.map((item) => formatAt(item, verb, flags, 'inside'));
  return flags.goSyntax ? `${goTypeOf(of)}{${items.join(', ')}}` : `[${items.join(' ')}]`;
}

function formatMap(of: Value, map: GoMap, verb: string, flags: Flags): string {
  const entries = sortedKeys(map).map((key) => {
    return `${formatAt(key, verb, flags, 'inside')}:${formatAt(map.get(key), verb, flags, 'inside')}`;
  });
  return flags.goSyntax ? `${goTypeOf(of)}{${entries.join(', ')}}` : `map[${entries.join(' ')}]`;
}

function formatNamed(value: GoObject, verb: string, flags: Flags, place: Place): string {
  const { type } = value;
  if (value instanceof Complex) return formatComplex(value, verb, flags) ?? badVerb(value, verb, flags);
  const showsText = place !== 'error' && !flags.goSyntax && TEXT_VERBS.has(verb);
  if (showsText && type.toText !== undefined) return formatText(type.toText(value), verb, flags);
  const integer = type.toInteger?.(value);
  return integer === undefined
    ? formatShape(value, verb, flags, place)
    : formatIntegerValue(value, integer, verb, flags);
}

function formatShape(value: GoObject, verb: string, flags: Flags, place: Place): string {
  const pointer = value.type.name.startsWith('*');
  if (value.type.kind === 'func' || (pointer && place === 'inside')) return ADDRESS;
  return (pointer ? '&' : '') + formatUnderlying(value, verb, flags);
}

function formatUnderlying(value: GoObject, verb: string, flags: Flags): string {
  const { type, fields } = value;
  if (Array.isArray(fields)) return formatList(value, fields, verb, flags);
  if (type.kind === 'map') return formatMap(value, fields ?? new Map(), verb, flags);
  return formatStruct(value, verb, flags);
}

function formatStruct(value: GoObject, verb: string, flags: Flags): string {
  const { type, fields } = value;
  const byName = fields instanceof Map ? fields : new Map<string, Value>();
  const shown = (type.printed ?? [...byName.keys()]).map((name) => {
    const text = formatAt(byName.get(name), verb, flags, 'inside');
    return flags.named || flags.goSyntax ? `${name}:${text}` : text;
  });
  return flags.goSyntax ? `${type.name.replace(/^\*/, '')}{${shown.join(', ')}}` : `{${shown.join(' ')}}`;
}

function formatPointer(value: Value, flags: Flags): string {
  const hasAddress = typeof value === 'object' && integerOf(value) === undefined;
  return hasAddress ? pad(flags.sharp ? ADDRESS.slice(2) : ADDRESS, flags) : badVerb(value, 'p', flags);
}
