import { isIPv6 } from 'node:net';
import { linearPattern } from '../../regexp/index.ts';
import { quoteRune } from '../../strconv/index.ts';
import { parseTime } from '../../time/index.ts';
import { parseUrl } from '../../url/index.ts';
import { timeProblem } from './time-format.ts';

/** Why a text is not of a format; undefined where it is. */
export type FormatCheck = (text: string) => string | undefined;

/** The formats that drafts up to 7 assert; others are not checked. */
export const FORMATS: ReadonlyMap<string, FormatCheck> = new Map<string, FormatCheck>([
  ['json-pointer', pointerProblem],
  ['relative-json-pointer', relativePointerProblem],
  ['uuid', uuidProblem],
  ['duration', durationProblem],
  ['ipv4', ipv4Problem],
  ['ipv6', ipv6Problem],
  ['hostname', hostnameProblem],
  ['email', emailProblem],
  ['date', dateProblem],
  ['time', timeProblem],
  ['date-time', dateTimeProblem],
  ['uri', uriProblem],
  ['iri', uriProblem],
  ['uri-reference', referenceProblem],
  ['iri-reference', referenceProblem],
  ['uri-template', urlProblem],
  ['semver', semverProblem],
  ['regex', regexProblem],
]);

function failing(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The first text that a check finds something wrong with decides. */
function firstOf(texts: Iterable<string>, check: FormatCheck): string | undefined {
  for (const text of texts) {
    const problem = check(text);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function strangeChar(text: string, allowed: RegExp, name = 'invalid character', rest = ''): string | undefined {
  const char = Array.from(text).find((each) => !allowed.test(each));
  return char === undefined ? undefined : `${name} ${quoteRune(char)}${rest}`;
}

function pointerProblem(text: string): string | undefined {
  if (text === '') return undefined;
  if (!text.startsWith('/')) return 'not starting with /';
  return /~(?![01])/.test(text) ? '~ must be followed by 0 or 1' : undefined;
}

function relativePointerProblem(text: string): string | undefined {
  const [digits = ''] = /^[0-9]*/.exec(text) ?? [];
  if (digits === '') return 'must start with non-negative integer';
  if (digits.length > 1 && digits.startsWith('0')) return 'starts with zero';
  const rest = text.slice(digits.length);
  return rest === '#' ? undefined : pointerProblem(rest);
}

const UUID_GROUPS = [8, 4, 4, 4, 12];

function uuidProblem(text: string): string | undefined {
  const groups = text.split('-');
  if (groups.length !== UUID_GROUPS.length) return `must have ${UUID_GROUPS.length} elements`;
  for (const [index, group] of groups.entries()) {
    const wanted = UUID_GROUPS[index] ?? 0;
    if (Buffer.byteLength(group) !== wanted) return `element ${index + 1} must be ${wanted} characters long`;
    const problem = strangeChar(group, /[0-9a-fA-F]/, 'non-hex character');
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const DURATION = /^(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/;

function durationProblem(text: string): string | undefined {
  if (!text.startsWith('P')) return 'must start with P';
  const rest = text.slice(1);
  if (rest === '') return 'nothing after P';
  if (rest.endsWith('W')) return weekProblem(rest.slice(0, -1));
  if (DURATION.test(rest)) return undefined;
  if (rest.endsWith('T')) return 'no time elements';
  if (rest.split('T').length > 2) return 'more than one T';
  return /(?:^|T|[A-Z])(?![0-9])/.test(rest) ? 'missing number' : 'missing unit';
}

function weekProblem(number: string): string | undefined {
  if (number === '') return 'no number in week';
  return /^[0-9]+$/.test(number) ? undefined : 'invalid week';
}

function ipv4Problem(text: string): string | undefined {
  const groups = text.split('.');
  if (groups.length !== 4) return 'expected four decimals';
  return firstOf(groups, (group) => {
    if (group.length > 1 && group.startsWith('0')) return 'leading zeros';
    if (!/^[+-]?[0-9]+$/.test(group)) return `strconv.Atoi: parsing ${JSON.stringify(group)}: invalid syntax`;
    return Number(group) > 255 || Number(group) < 0 ? 'decimal must be between 0 and 255' : undefined;
  });
}

function ipv6Problem(text: string): string | undefined {
  if (!text.includes(':')) return 'missing colon';
  if (!isIPv6(text)) return `ParseAddr(${JSON.stringify(text)}): unable to parse IP`;
  return text.includes('%') ? 'zone id is not a part of ipv6 address' : undefined;
}

function hostnameProblem(text: string): string | undefined {
  const name = text.replace(/\.$/, '');
  if (Buffer.byteLength(name) > 253) return 'more than 253 characters long';
  return firstOf(name.split('.'), (label) => {
    const bytes = Buffer.byteLength(label);
    if (bytes < 1 || bytes > 63) return 'label must be 1 to 63 characters long';
    if (label.startsWith('-')) return 'label starts with hyphen';
    return label.endsWith('-') ? 'label ends with hyphen' : strangeChar(label, /[a-zA-Z0-9-]/);
  });
}

function emailProblem(text: string): string | undefined {
  if (Buffer.byteLength(text) > 254) return 'more than 255 characters long';
  const at = text.lastIndexOf('@');
  if (at < 0) return 'missing @';
  return localPartProblem(text.slice(0, at)) ?? domainProblem(text.slice(at + 1));
}

function localPartProblem(text: string): string | undefined {
  if (Buffer.byteLength(text) > 64) return 'local part more than 64 characters long';
  if (/^".*"$/s.test(text) && text.length > 1) {
    return /[\\"]/.test(text.slice(1, -1)) ? 'backslash and quote are not allowed within quoted local part' : undefined;
  }
  if (text.startsWith('.')) return 'starts with dot';
  if (text.endsWith('.')) return 'ends with dot';
  return text.includes('..') ? 'consecutive dots' : strangeChar(text, /[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]/);
}

function domainProblem(text: string): string | undefined {
  if (!/^\[.*\]$/s.test(text)) return within('invalid domain', hostnameProblem(text));
  const address = text.slice(1, -1);
  if (!address.startsWith('IPv6:')) return within('invalid ipv4 address', ipv4Problem(address));
  return within('invalid ipv6 address', ipv6Problem(address.slice('IPv6:'.length)));
}

function within(place: string, problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : `${place}: ${problem}`;
}

function dateProblem(text: string): string | undefined {
  return failing(() => parseTime('2006-01-02', text));
}

function dateTimeProblem(text: string): string | undefined {
  if (Buffer.byteLength(text) < 20) return 'less than 20 characters long';
  if (!/^.{10}t/i.test(text)) return '11th character must be t or T';
  return (
    within('invalid date element', dateProblem(text.slice(0, 10))) ??
    within('invalid time element', timeProblem(text.slice(11)))
  );
}

function urlProblem(text: string): string | undefined {
  return failing(() => parseUrl(text));
}

function uriProblem(text: string): string | undefined {
  return urlProblem(text) ?? (/^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) ? undefined : 'relative url');
}

function referenceProblem(text: string): string | undefined {
  return text.includes('\\') ? 'contains \\' : urlProblem(text);
}

function regexProblem(text: string): string | undefined {
  return failing(() => linearPattern(text));
}

function semverProblem(text: string): string | undefined {
  const [, core = '', pre, build] = /^([^+-]*)(?:-([^+]*))?(?:\+(.*))?$/s.exec(text) ?? [];
  if (build === '') return 'build is empty';
  return (
    firstOf(build?.split('.') ?? [], buildProblem) ?? firstOf(pre?.split('.') ?? [], preProblem) ?? coreProblem(core)
  );
}

function buildProblem(part: string): string | undefined {
  if (part === '') return 'build identifier is empty';
  return strangeChar(part, /[0-9a-zA-Z-]/, 'invalid character', ' in build identifier');
}

function preProblem(part: string): string | undefined {
  if (part === '') return 'pre-release identifier is empty';
  const strange = strangeChar(part, /[0-9a-zA-Z-]/, 'invalid character', ' in pre-release identifier');
  return strange ?? (/^0[0-9]+$/.test(part) ? 'pre-release numeric identifier starts with zero' : undefined);
}

function coreProblem(core: string): string | undefined {
  const parts = core.split('.');
  if (parts.length !== 3) return 'versionCore must have 3 numbers separated by dot';
  for (const [index, name] of ['major', 'minor', 'patch'].entries()) {
    const part = parts[index] ?? '';
    if (part === '') return `${name} is empty`;
    if (part.length > 1 && part.startsWith('0')) return `${name} starts with zero`;
    if (!/^[0-9]+$/.test(part)) return `${name} contains non-digit`;
  }
  return undefined;
}
