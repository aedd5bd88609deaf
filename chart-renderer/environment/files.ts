import { posix } from 'node:path';
import { attached } from '../../golang/memo/index.ts';
import {
  type GoMap,
  GoObject,
  type GoType,
  type ParamType,
  type TemplateMethod,
  type Value,
  withGoType,
} from '../../golang/reflect/index.ts';
import { textOfBytes } from '../../golang/strings/index.ts';
import { writeYaml } from '../../golang/yaml/index.ts';
import type { ChartFile } from '../archive/file.ts';
import { compileGlob } from './glob.ts';

const NAME: readonly ParamType[] = ['string'];

/** The text of a file, which is kept with its bytes: a chart is rendered more than once. */
export const textOf = attached(textOfBytes);

const METHODS: ReadonlyMap<string, TemplateMethod> = new Map([
  ['Get', { params: NAME, run: (files: GoObject, name: string) => textOf(bytesAt(files, name)) }],
  ['GetBytes', { params: NAME, run: (files: GoObject, name: string) => bytesAt(files, name) }],
  ['Glob', { params: NAME, run: (files: GoObject, pattern: string) => globbed(files, pattern) }],
  ['Lines', { params: NAME, run: (files: GoObject, name: string) => linesOf(textOf(bytesAt(files, name))) }],
  ['AsConfig', { params: [], run: (files: GoObject) => asYaml(files, textOf) }],
  [
    'AsSecrets',
    { params: [], run: (files: GoObject) => asYaml(files, (data) => Buffer.from(data).toString('base64')) },
  ],
]);

const FILES: GoType = { name: 'engine.files', kind: 'map', zeroElement: new Uint8Array(), methods: METHODS };

/** What templates see as `.Files`: a chart's files by name, without its templates and its metadata. */
export function filesValue(files: readonly ChartFile[]): GoObject {
  return new GoObject(FILES, new Map(files.map(({ name, data }) => [name, data])));
}

function entriesOf(files: GoObject): [string, Uint8Array][] {
  return [...(files.fields as Map<string, Uint8Array>)];
}

function bytesAt(files: GoObject, name: string): Uint8Array {
  const data = (files.fields as GoMap).get(name);
  return data instanceof Uint8Array ? data : new Uint8Array();
}

function globbed(files: GoObject, pattern: string): GoObject {
  const matches = compileGlob(pattern);
  return new GoObject(FILES, new Map(entriesOf(files).filter(([name]) => matches(name))));
}

function linesOf(text: string): Value[] {
  return withGoType(text === '' ? [] : text.replace(/\n$/, '').split('\n'), '[]string');
}

/** The files as a YAML mapping by base name, as the data of a ConfigMap or Secret wants them. */
function asYaml(files: GoObject, encode: (data: Uint8Array) => string): string {
  const byName = new Map(entriesOf(files).map(([name, data]) => [posix.basename(name), encode(data)]));
  return writeYaml(byName).replace(/\n$/, '');
}
