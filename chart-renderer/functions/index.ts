// The functions that Helm's templates can call: sprig v3 and Helm's own, one family a file, each with the types of its Go parameters.
// Knows the packages of golang/; what it needs of the world (clock, cluster) comes from the `TemplateHost`
// of an execution. It must not know charts, releases or Kubernetes.
export type { TemplateHost } from './host.ts';
export { LargeFiles } from './large-files.ts';
export { withoutCallsIn, Memory, type Remembered } from './memory.ts';
export { FUNCTIONS, HELM_FUNCTIONS } from './table.ts';
export { TemplateFailure } from './template-failure.ts';
