import { goTypeOf, kindOf } from '../../../golang/reflect/index.ts';
import { define } from '../../../golang/template/index.ts';
import type { FunctionEntries } from '../entries.ts';
import { deepEqual } from '../list-values.ts';

/** Sprig's functions on the types of values. */
export const reflectionFunctions: FunctionEntries = [
  ['typeOf', define(['any'], goTypeOf)],
  ['typeIs', define(['string', 'any'], (name, value) => name === goTypeOf(value))],
  [
    'typeIsLike',
    define(['string', 'any'], (name, value) => name === goTypeOf(value) || `*${name}` === goTypeOf(value)),
  ],
  ['kindOf', define(['any'], kindOf)],
  ['kindIs', define(['string', 'any'], (name, value) => name === kindOf(value))],
  ['deepEqual', define(['any', 'any'], deepEqual)],
];
