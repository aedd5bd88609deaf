// The reconcile engine: the only folder with a loop. It watches Releases, decides by pure functions what each needs, and does it
// under the tenant's own identity. Everything it knows of Kubernetes, charts and registries it has from the other folders, and
// nothing but its own entry point imports it.
export { startController } from './controller.ts';
export type { Controller, ControllerOptions } from './controller.ts';
export { jsonLog, LEVELS } from './log.ts';
export type { Level } from './log.ts';
