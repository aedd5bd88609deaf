// Releases and their versions as the API server has them for a person: read, compared, previewed, edited.
// Light: a command that only reads them loads nothing of charts. It knows of no terminal and no page.
export * from './approve.ts';
export * from './ask-preview.ts';
export * from './changes.ts';
export * from './cluster.ts';
export * from './edit-release.ts';
export * from './histories.ts';
export * from './preview-verdict.ts';
export * from './tenants.ts';
