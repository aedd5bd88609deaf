// Go's regexp: patterns of RE2's syntax that are matched in time linear in the text.
// The home of its engine for whoever asks only whether a text matches.
export { escapePattern, linearPattern, type LinearPattern } from './linear-pattern.ts';
