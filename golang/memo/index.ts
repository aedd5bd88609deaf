// What was computed once and is kept: by the text or in the object that it was made of. All that the packages here share which is not Go's.
// Knows nothing of what it keeps.
export { attached, Existing } from './attached.ts';
export { memoized } from './memoized.ts';
