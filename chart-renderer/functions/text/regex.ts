import { RE2JS } from 're2js';
import { memoized } from '../../../golang/memo/index.ts';
import type { Value } from '../../../golang/reflect/index.ts';
import { quote } from '../../../golang/strconv/index.ts';
import { define, type TemplateFunction } from '../../../golang/template/index.ts';
import type { FunctionEntries } from '../entries.ts';
import { checkListSize, checkTextSize } from '../limits.ts';
import { stringSliceOrNil } from '../list-values.ts';

/** Where a match and its groups are: pairs of offsets, -1 for groups that took no part. */
type Match = readonly (readonly [start: number, end: number])[];

/** How a byte that is not valid UTF-8 is kept in a text. */
const LONE_SURROGATE = /\p{Cs}/u;

/** Compiles a pattern of Go's syntax; throws in the words of Go's regexp. */
function compilePattern(pattern: string): RE2JS {
  const broken = pattern.search(LONE_SURROGATE);
  if (broken >= 0) throw new Error(`error parsing regexp: invalid UTF-8: \`${pattern.slice(broken).toWellFormed()}\``);
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    // Go shows the part that is wrong, which here is nothing.
    if (error instanceof Error && error.message.endsWith('trailing backslash at end of expression'))
      throw new Error(`${error.message}: \`\``, { cause: error });
    throw error;
  }
}

const compile = memoized(compilePattern, (compiled) => compiled.programSize());

/** As `compile`, with the text of the panic that regexp.MustCompile raises. */
function mustCompile(pattern: string): RE2JS {
  try {
    return compile(pattern);
  } catch (error) {
    const shown = /[^\P{Cc}\t\x80-\x9f]|[`\ufeff]/u.test(pattern) ? quote(pattern) : `\`${pattern}\``;
    throw new Error(`regexp: Compile(${shown}): ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** All matches in turn; an empty one right after another match does not count. */
function* matchesIn(pattern: RE2JS, text: string): Generator<Match> {
  const matcher = pattern.matcher(text);
  const groups = matcher.groupCount();
  let previousEnd = -1;
  for (let from = 0; from <= text.length && matcher.find(from);) {
    const start = matcher.start();
    const end = matcher.end();
    if (end > start || start !== previousEnd) {
      yield Array.from({ length: groups + 1 }, (_unused, group) => [matcher.start(group), matcher.end(group)] as const);
    }
    previousEnd = end;
    from = end > from ? end : from + charLength(text, from);
  }
}

function charLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function findAll(pattern: RE2JS, text: string, limit: number): Match[] {
  const found: Match[] = [];
  if (limit === 0) return found;
  for (const match of matchesIn(pattern, text)) {
    found.push(match);
    if (found.length === limit) break;
    checkListSize(found.length);
  }
  return found;
}

function replaceAll(pattern: RE2JS, text: string, replacement: (match: Match) => string): string {
  const pieces: string[] = [];
  let at = 0;
  let size = text.length;
  for (const match of matchesIn(pattern, text)) {
    const [start, end] = match[0] ?? [0, 0];
    const insert = replacement(match);
    size += insert.length;
    checkTextSize(size);
    pieces.push(text.slice(at, start), insert);
    at = end;
  }
  return pieces.join('') + text.slice(at);
}

const REFERENCE = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/** The replacement with `$1`, `${name}` and `$$` filled in as regexp.Expand does; unknown groups are empty. */
function expand(template: string, text: string, match: Match, names: Readonly<Record<string, number>>): string {
  if (!template.includes('$')) return template;
  return template.replace(REFERENCE, (whole: string, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare;
    if (name === undefined) return '$';
    const index = /^\d+$/.test(name) && !/^0\d/.test(name) ? Number(name) : names[name];
    const [start, end] = (index === undefined ? undefined : match[index]) ?? [-1, -1];
    return start < 0 || whole === '' ? '' : text.slice(start, end);
  });
}

function split(pattern: RE2JS, text: string, limit: number): string[] {
  if (limit === 0) return [];
  if (pattern.pattern() !== '' && text === '') return [''];
  const parts: string[] = [];
  let start = 0;
  let end = 0;
  for (const match of findAll(pattern, text, limit)) {
    if (limit > 0 && parts.length === limit - 1) break;
    const [matchStart, matchEnd] = match[0] ?? [0, 0];
    end = matchStart;
    if (matchEnd !== 0) parts.push(text.slice(start, end));
    start = matchEnd;
  }
  if (end !== text.length) parts.push(text.slice(start));
  return parts;
}

function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

function firstMatch(pattern: RE2JS, text: string): string {
  const matcher = pattern.matcher(text);
  return matcher.find() ? text.slice(matcher.start(), matcher.end()) : '';
}

function matchTexts(pattern: RE2JS, text: string, limit: number): Value[] {
  return stringSliceOrNil(findAll(pattern, text, limit).map(([whole]) => text.slice(whole?.[0], whole?.[1])));
}

function isMatch(pattern: RE2JS, text: string): boolean {
  return pattern.matcher(text).find();
}

const regexMatch = define(['string', 'string'], (pattern, text) => {
  try {
    return isMatch(compile(pattern), text);
  } catch {
    return false;
  }
});

const TEXT_AND_PATTERN = ['string', 'string'] as const;

/** The function and its `must` form, which differ in the error for a pattern that does not compile. */
function both(name: string, make: (compiled: (pattern: string) => RE2JS) => TemplateFunction): FunctionEntries {
  return [
    [name, make(mustCompile)],
    [`must${name.charAt(0).toUpperCase()}${name.slice(1)}`, make(compile)],
  ];
}

/** Sprig's functions on regular expressions; matching takes time linear in the text. */
export const regexFunctions: FunctionEntries = [
  ['regexMatch', regexMatch],
  ['mustRegexMatch', define(TEXT_AND_PATTERN, (pattern, text) => isMatch(compile(pattern), text))],
  ['regexQuoteMeta', define(['string'], quoteMeta)],
  ...both('regexFind', (to) => define(TEXT_AND_PATTERN, (pattern, text) => firstMatch(to(pattern), text))),
  ...both('regexFindAll', (to) =>
    define(['string', 'string', 'int'], (pattern, text, limit) => matchTexts(to(pattern), text, limit)),
  ),
  ...both('regexSplit', (to) =>
    define(['string', 'string', 'int'], (pattern, text, limit) => stringSliceOrNil(split(to(pattern), text, limit))),
  ),
  ...both('regexReplaceAll', (to) =>
    define(['string', 'string', 'string'], (pattern, text, template) => {
      const compiled = to(pattern);
      const names = compiled.namedGroups();
      return replaceAll(compiled, text, (match) => expand(template, text, match, names));
    }),
  ),
  ...both('regexReplaceAllLiteral', (to) =>
    define(['string', 'string', 'string'], (pattern, text, literal) => replaceAll(to(pattern), text, () => literal)),
  ),
];
