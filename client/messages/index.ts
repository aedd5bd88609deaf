// What a person is told: why something was not done, and the texts of others without anything that acts on what shows them.
// It imports nothing, so that the command's help can load it.
export * from './errors.ts';
export * from './printable.ts';
