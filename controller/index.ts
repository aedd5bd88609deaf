// The reconcile engine: the only folder with a loop. It watches Releases, decides by pure functions what each needs, and does it under the
// tenant's own identity. All that it knows of Kubernetes, charts and registries comes from the other folders, and nothing but its own entry
// point imports it.
export { startController } from './loop/controller.ts';
export type { Controller, ControllerOptions } from './loop/controller.ts';
export { jsonLog, LEVELS } from './process/log.ts';
export type { Level } from './process/log.ts';
