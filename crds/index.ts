// The contract between people and the controller: the custom resources as types, their conditions and reasons, the names of
// labels, annotations and managers. The schemas that the API server enforces stand beside it as YAML.
// It imports nothing and knows nothing of how any of it is done.
export * from './changes.ts';
export * from './conditions.ts';
export * from './failure.ts';
export * from './field-path.ts';
export * from './hooks.ts';
export * from './metadata.ts';
export * from './names.ts';
export * from './notices.ts';
export * from './release-history.ts';
export * from './release-plan.ts';
export * from './release-preview.ts';
export * from './release.ts';
export * from './strategy.ts';
