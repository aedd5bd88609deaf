// Results that are computed once and kept by the text, or in the object, that they were made of: all that the packages here share beyond
// what is Go's.
// Knows nothing of what it keeps.
export { attached, Existing } from './attached.ts';
export { memoized } from './memoized.ts';
