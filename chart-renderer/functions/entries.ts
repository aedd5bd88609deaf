import type { TemplateFunction } from '../../golang/template/index.ts';

/** The functions of one family by name. */
export type FunctionEntries = readonly (readonly [name: string, implementation: TemplateFunction])[];
