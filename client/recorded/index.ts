// What a version was made from and what was rendered: read from the Secrets that keep it, with the viewer's rights, and masked.
// It shows no secret by itself: whoever shows what it returns masks it by what stands here.
export * from './layers.ts';
export * from './masked-objects.ts';
export { readHistory, readRecorded, type Recorded } from './record.ts';
export * from './version-mask.ts';
