// The pods of a Release, and the events about all that belongs to it, found with the viewer's rights.
// It only reads.
export * from './release-pods.ts';
