import type { Json } from '../../json/index.ts';
import type { Problem } from '../problem.ts';
import type { Schema } from '../schema.ts';
import type { Unevaluated } from './unevaluated.ts';

/** One schema applied to one value, for those who check a keyword of it. */
export interface Visit {
  readonly schema: Schema;
  readonly unevaluated: Unevaluated;
  /** What is wrong with the value itself by another schema. */
  self(schema: Schema): Problem | undefined;
  /** What is wrong with a part of the value. */
  inner(schema: Schema, part: Json, name: string): Problem | undefined;
  /** All that is wrong with the name of a property. */
  ofName(schema: Schema, name: string): readonly Problem[];
  /** Adds what is wrong with a part of the value. */
  addInner(schema: Schema, part: Json, name: string): void;
  /** Adds a problem, if there is one. */
  addProblem(problem: Problem | undefined): void;
  /** Adds a problem in these words. */
  add(text: string, causes?: readonly Problem[]): void;
}
