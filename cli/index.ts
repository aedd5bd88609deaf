// The kubectl plugins: what `kubectl create release` and `kubectl release` do, as functions of their arguments and a terminal.
// They see the cluster as the user does, by the user's own kubeconfig, and share nothing with the controller but the two resources:
// a command writes what the user could write, or reads what the controller has written. main.ts is the program.
export type { Command, ExitCode } from './command.ts';
export { createRelease } from './release/change/create.ts';
export { CliError } from './errors.ts';
export { release } from './release.ts';
export type { StyleName, Terminal } from './terminal.ts';
