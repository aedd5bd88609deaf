// What a Release is to be: a recorded version again, or the same with another chart or other values.
// Which is meant is for the caller to find out.
export * from './go-to-version.ts';
export { isEditedSince } from './restore-content.ts';
export * from './upgraded-spec.ts';
