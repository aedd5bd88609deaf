const BAD_WORDS = new Set(
  'failed failure error errors errored degraded invalid rejected unhealthy aborted denied refused exceeded conflicted timedout'.split(
    ' ',
  ),
);
/** Words that say in a condition only what it says anyway: that something is not healthy, which is true of what has just started, too. */
const ONLY_UNWELL = new Set(['degraded', 'unhealthy']);
/** A phase, a type or a reason is one word or a few; what comes after this many characters is not looked at. */
const MAX_LENGTH = 200;

/** The words of a phase, a condition's type or its reason, such as `ReplicaSetFailed` or `update-failed`. */
export function wordsOf(text: string): string[] {
  return text.slice(0, MAX_LENGTH).split(/(?<=[a-z])(?=[A-Z])|[^a-zA-Z]+/);
}

/** Whether a word says that something went wrong. */
export function isBadWord(word: string): boolean {
  return BAD_WORDS.has(word.toLowerCase());
}

/** Whether such a word, in the type or the reason of a condition, names a failure. */
export function isFailureWord(word: string): boolean {
  return isBadWord(word) && !ONLY_UNWELL.has(word.toLowerCase());
}
