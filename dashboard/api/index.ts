// What the dashboard's server and its page say to each other: the shapes of the answers, the actions, and the command that each one equals.
// Types and pure functions only, that run in a browser as well: no module of Node, and nothing of how an answer is come by.
export * from './command-of.ts';
export * from './diff-of-changes.ts';
export type * from './answers.ts';
export type * from './charts.ts';
export type * from './actions.ts';
export type * from './live.ts';
export type * from './release-view.ts';
export type * from './tenants.ts';
export type * from './versions.ts';
export type * from './viewer.ts';
