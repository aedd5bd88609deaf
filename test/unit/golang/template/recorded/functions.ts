import { printAny } from '../../../../../golang/fmt/index.ts';
import {
  GoInt,
  type GoMap,
  GoObject,
  type GoType,
  type TemplateMethod,
  type Value,
  withGoType,
} from '../../../../../golang/reflect/index.ts';
import {
  define,
  defineContextual,
  defineVariadic,
  type TemplateFunction,
} from '../../../../../golang/template/index.ts';

const NO_PARAMS = [] as const;

const version: GoType = {
  name: '*main.ver',
  kind: 'struct',
  toText: ({ fields }) =>
    fields instanceof Map ? `v${printAny(fields.get('Major'))}.${printAny(fields.get('Minor'))}` : '',
  methods: new Map<string, TemplateMethod>([
    ['String', { params: NO_PARAMS, run: () => 'v1.30' }],
    ['Has', { params: ['string'], run: (_receiver: GoObject, major: string) => major === '1' }],
    [
      'Fail',
      {
        params: NO_PARAMS,
        run: () => {
          throw new Error('method failed');
        },
      },
    ],
  ]),
};

const apiVersions: GoType = {
  name: 'main.set',
  kind: 'slice',
  methods: new Map<string, TemplateMethod>([
    [
      'Has',
      {
        params: ['string'],
        run: ({ fields }: GoObject, name: string) => Array.isArray(fields) && fields.includes(name),
      },
    ],
  ]),
};

const duration: GoType = {
  name: 'time.Duration',
  kind: 'int64',
  toText: () => '1m30s',
  toInteger: () => 90_000_000_000n,
};

function stringMap(...entries: [string, string][]): GoMap {
  return withGoType(new Map<string, Value>(entries), 'map[string]string');
}

function metadata(name: string): GoObject {
  const list = withGoType<Value[]>(['l1', 'l2'], '[]string');
  return new GoObject(
    { name, kind: 'struct' },
    new Map<string, Value>([
      ['Name', 'nm'],
      ['Sub', stringMap(['k', 'v'])],
      ['List', list],
    ]),
  );
}

function dict(...pairs: Value[]): GoMap {
  const map: GoMap = new Map();
  for (let i = 0; i + 1 < pairs.length; i += 2) map.set(printAny(pairs[i]), pairs[i + 1] ?? null);
  return map;
}

function trunc(count: number, text: string): string {
  if (count < 0) throw new Error(`runtime error: slice bounds out of range [:${count}]`);
  return text.slice(0, count);
}

function toInt64(value: Value): GoInt {
  const whole = typeof value === 'number' ? BigInt(Math.trunc(value)) : value;
  return new GoInt('int64', typeof whole === 'bigint' ? whole : 0n);
}

function toInt(value: Value): bigint {
  if (typeof value === 'number') return BigInt(Math.trunc(value));
  return value instanceof GoInt ? value.value : 0n;
}

function fail(message: string): never {
  throw new Error(message);
}

/** The functions that main.go beside this file gives to Go's templates. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['include', defineContextual(['string', 'any'], (context, name, dot) => context.execute(name, dot))],
  ['list', defineVariadic([], 'any', (...values) => values)],
  ['dict', defineVariadic([], 'any', dict)],
  ['trunc', define(['int', 'string'], trunc)],
  ['upper', define(['string'], (text) => text.toUpperCase())],
  ['int64', define(['any'], toInt64)],
  ['int', define(['any'], toInt)],
  ['uint8v', define(['int'], (value) => new GoInt('uint8', BigInt(value)))],
  ['uintv', define(['int'], (value) => new GoInt('uint', BigInt(value)))],
  ['has', define(['map', 'string'], (map, key) => map.has(key))],
  ['set', define(['map', 'string', 'any'], (map, key, value) => map.set(key, value))],
  ['flt', define(['float64'], (value) => value * 2)],
  ['bl', define(['bool'], (value) => !value)],
  ['i64', define(['int64'], (value) => new GoInt('int64', value + 1n))],
  ['cat', define(['list'], (list) => BigInt(list.length))],
  ['strs', defineVariadic([], 'string', (...strings) => withGoType<Value[]>(strings, '[]string'))],
  ['joins', define(['strings'], (strings) => strings.join(','))],
  ['bytes', define(['string'], (text) => new TextEncoder().encode(text))],
  ['smap', define([], () => stringMap(['a', 'x'], ['n', '1']))],
  ['nilv', define([], () => null)],
  ['fail', define(['string'], fail)],
  [
    'ver',
    define([], () => {
      return new GoObject(
        version,
        new Map<string, Value>([
          ['Major', '1'],
          ['Minor', '30'],
          ['Raw', new GoInt('int64', 7n)],
        ]),
      );
    }),
  ],
  ['meta', define([], () => metadata('main.meta'))],
  ['metap', define([], () => metadata('*main.meta'))],
  ['vset', define([], () => new GoObject(apiVersions, ['v1', 'apps/v1']))],
  ['dur', define([], () => new GoObject(duration))],
  [
    'must',
    defineVariadic(['int', 'int', 'string'], 'float64', (n, m, text, ...rest) => {
      return `${n} ${m}${text}[${rest.map(printAny).join(' ')}]`;
    }),
  ],
]);
