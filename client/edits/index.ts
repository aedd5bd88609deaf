// The edits of a Release that people make by a command or a page: each is one that kubectl could have made.
// Which is meant is for the caller to find out.
export * from './restore-content.ts';
export * from './upgraded-spec.ts';
