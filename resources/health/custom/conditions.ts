import { isMap, listAt, textAt } from '../../json/json.ts';
import type { KubeObject } from '../../types.ts';
import { timeOf } from '../lasting.ts';
import type { ConditionText } from '../verdict.ts';
import { conditionText, reasonAndMessage } from '../verdict.ts';
import { isBadWord, isFailureWord, wordsOf } from './words.ts';

/** Something that an object's controller says has gone wrong, and since when (milliseconds since the epoch), if it says so. */
export interface Failure {
  words: string;
  since: number | undefined;
}

/** A condition with its type, and since when it has been so. */
interface TypedCondition extends ConditionText {
  type: string;
  since: number | undefined;
}

/** Lists of the Gateway API and others whose items have conditions of their own: one for each parent, listener or router. */
const LISTS_WITH_CONDITIONS = ['parents', 'ancestors', 'listeners', 'ingress'];
/** More conditions, or items of such a list, are not looked at. */
const MAX_LOOKED_AT = 64;
/** Nor more conditions of all such items together: they take no more of the event loop than reading the object did. */
const MAX_NESTED = 512;
/** Conditions that are False where an object was refused, whatever the reason says. */
const ACCEPTANCE = new Set(['Accepted', 'ResolvedRefs', 'Admitted', 'Valid']);
/** Reasons of what has only not happened yet; a listener waits for the Secret of a certificate that is still being issued. */
const NOT_YET = /^(pending|waiting|unknown|notreconciled|invalidcertificateref)/i;
/** What such a field says where there is no error. */
const MAX_NO_ERROR = 20;
const NO_ERROR = /^(none|null|nil|ok|no error)?$/i;
/** Types that end in a bad word and are good news. */
const DENIED = /^(no|not|non|without|No|Not|Non|Without)[A-Z]/;
/** Where a controller without conditions leaves its last error. */
const ERRORS: readonly (readonly string[])[] = [
  ['error', 'message'],
  ['error'],
  ['errorMessage'],
  ['failureMessage'],
  ['errMsg'],
];

/** All conditions in the status of an object: its own first, then those that it has for each parent, listener and the like. */
export function conditionsOf(object: KubeObject): TypedCondition[] {
  const items = LISTS_WITH_CONDITIONS.flatMap((list) => listAt(object, 'status', list).slice(0, MAX_LOOKED_AT));
  const nested = items.flatMap((item) => listAt(item, 'conditions').slice(0, MAX_LOOKED_AT)).slice(0, MAX_NESTED);
  return [...listAt(object, 'status', 'conditions').slice(0, MAX_LOOKED_AT), ...nested].filter(isMap).map((item) => ({
    ...conditionText(item),
    type: textAt(item, 'type') ?? '',
    since: timeOf(textAt(item, 'lastTransitionTime')),
  }));
}

/**
 * The first failure that the status reports, by the words of its conditions: one that is False for a reason such as `ApplyFailed`, one that
 * is True and is called `SpecError`, what was not accepted; else by the error that it keeps in a field of its own.
 */
export function failureOf(object: KubeObject): Failure | undefined {
  const generation = object.metadata.generation ?? 0;
  const isStale = ({ observedGeneration = Infinity }: ConditionText): boolean => observedGeneration < generation;
  const failed = conditionsOf(object).find((condition) => !isStale(condition) && saysFailed(condition));
  if (failed) return { words: reasonAndMessage(failed, `${failed.type} is ${failed.status}`), since: failed.since };
  const path = ERRORS.find((each) => !NO_ERROR.test((textAt(object, 'status', ...each) ?? '').slice(0, MAX_NO_ERROR)));
  if (path === undefined) return undefined;
  return { words: textAt(object, 'status', ...path) ?? '', since: timeOf(textAt(object, 'status', 'error', 'time')) };
}

function saysFailed({ type, status, reason }: TypedCondition): boolean {
  if (status === 'True') return isBadNews(type);
  // Its other conditions say why something is not programmed.
  if (status !== 'False' || type === 'Programmed') return false;
  if (ACCEPTANCE.has(type)) return !NOT_YET.test(reason);
  return wordsOf(reason).some(isBadReason) && !/^no(error|failure)/i.test(reason) && !isNamedBadly(type, isBadWord);
}

/** In a phase, failing may be failing over. */
function isBadReason(word: string): boolean {
  return isFailureWord(word) || word.toLowerCase() === 'failing';
}

/** Whether a condition is bad news where it is True. Types in lower case are states that Percona's operators keep after they have passed. */
function isBadNews(type: string): boolean {
  return !/^[a-z]+$/.test(type) && isNamedBadly(type, isFailureWord);
}

/** Whether a type is named after what is wrong: `InvalidSpec`, `ResolutionFailed`, `ErrorOccurred`. */
function isNamedBadly(type: string, isBad: (word: string) => boolean): boolean {
  if (DENIED.test(type)) return false;
  const words = wordsOf(type);
  const [first = '', second = ''] = words;
  return isBad(words.at(-1) ?? '') || (isBad(first) && /^(spec|occurred)$/i.test(second));
}
