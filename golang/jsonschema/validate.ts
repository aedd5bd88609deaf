import { isJsonObject, type Json } from '../json/index.ts';
import { checkCombinations } from './check/combinations.ts';
import { checkList } from './check/list.ts';
import { checkObject } from './check/object.ts';
import { checkNumber, checkText } from './check/scalar.ts';
import { valueProblem } from './check/value.ts';
import { pointerStep } from './keywords.ts';
import type { Problem } from './problem.ts';
import type { Schema } from './schema.ts';
import { Unevaluated } from './check/unevaluated.ts';
import type { Visit } from './check/visit.ts';

/** All that is wrong with a value by a schema, in the library's order. */
export function validate(schema: Schema, value: Json): readonly Problem[] {
  const problem = new SchemaVisit(schema, value, [], undefined, Unevaluated.of(schema, value, false)).problem();
  if (problem === undefined) return [];
  return problem.kind === 'group' ? problem.causes : [problem];
}

class SchemaVisit implements Visit {
  readonly schema: Schema;
  readonly value: Json;
  readonly path: readonly string[];
  readonly unevaluated: Unevaluated;
  readonly #outer: SchemaVisit | undefined;
  /** The keyword that referred to the schema, if one did. */
  readonly #reference: string | undefined;
  readonly #problems: Problem[] = [];

  constructor(
    schema: Schema,
    value: Json,
    path: readonly string[],
    outer: SchemaVisit | undefined,
    unevaluated: Unevaluated,
    reference?: string,
  ) {
    this.schema = schema;
    this.value = value;
    this.path = path;
    this.#outer = outer;
    this.unevaluated = unevaluated;
    this.#reference = reference;
  }

  /** What is wrong, as one; undefined where nothing is. */
  problem(): Problem | undefined {
    const { json } = this.schema;
    if (!isJsonObject(json)) return json === false ? this.#plain('false schema') : undefined;
    const same = this.#sameAround();
    if (same !== undefined) return this.#plain(this.#cycleText(same));
    const first = valueProblem(this.schema, this.value);
    if (first !== undefined) return this.#plain(first);
    const isAlone = this.#followReference();
    if (!isAlone) this.#checkAll();
    const [only, ...others] = this.#problems;
    return others.length === 0 ? only : { ...this.#plain('validation failed'), kind: 'group', causes: this.#problems };
  }

  /** The visit around this one, if any, that applies the same schema to the same value. */
  #sameAround(): SchemaVisit | undefined {
    for (let visit = this.#outer; visit !== undefined && visit.path === this.path; visit = visit.#outer) {
      if (visit.schema === this.schema) return visit;
    }
    return undefined;
  }

  #cycleText(same: SchemaVisit): string {
    const target = JSON.stringify(this.schema.location);
    return `both ${this.#keywordPath()} and ${same.#keywordPath()} resolve to ${target} causing reference cycle`;
  }

  /** The keywords on the way here, references included. */
  #keywordPath(): string {
    if (this.#outer === undefined) return '';
    const own = this.schema.location.slice(this.#outer.schema.location.length);
    return this.#outer.#keywordPath() + (this.#reference === undefined ? own : pointerStep(this.#reference));
  }

  #plain(text: string, causes: readonly Problem[] = []): Problem {
    return { path: this.path, kind: 'plain', text, causes };
  }

  /** Whether the reference is all there is to the schema, as before 2019-09. */
  #followReference(): boolean {
    const target = this.schema.one('$ref');
    if (target === undefined) return false;
    this.#refer(target, '$ref');
    return this.schema.draft < 2019;
  }

  #checkAll(): void {
    const { value } = this;
    if (Array.isArray(value)) checkList(this, value);
    else if (isJsonObject(value)) checkObject(this, value);
    else if (typeof value === 'string') checkText(this, value);
    else if (typeof value === 'number') checkNumber(this, value);
    if (this.schema.draft >= 2019) this.#followDynamicReferences();
    checkCombinations(this);
    if (this.schema.draft >= 2019) this.#checkUnevaluated(value);
  }

  #followDynamicReferences(): void {
    const recursive = this.schema.one('$recursiveRef');
    if (recursive !== undefined) {
      const anchorIn = (root: Schema): Schema | undefined => (isRecursiveAnchor(root) ? root : undefined);
      this.#refer(isRecursiveAnchor(recursive) ? this.#outermost(recursive, anchorIn) : recursive, '$recursiveRef');
    }
    const dynamic = this.schema.one('$dynamicRef');
    if (dynamic === undefined) return;
    const name = this.schema.text('$dynamicRef')?.split('#')[1] ?? '';
    const isAnchor = name !== '' && isJsonObject(dynamic.json) && dynamic.keyword('$dynamicAnchor') === name;
    const target = isAnchor ? this.#outermost(dynamic, (root) => root.dynamicAnchors.get(name)) : dynamic;
    this.#refer(target, '$dynamicRef');
  }

  /** What the outermost resource on the way here has, or else what was given. */
  #outermost(given: Schema, anchorIn: (root: Schema) => Schema | undefined): Schema {
    const root = this.schema.resourceRoot;
    const own = isJsonObject(root.json) ? (anchorIn(root) ?? given) : given;
    const outer = this.#outer;
    return outer === undefined ? own : outer.#outermost(own, anchorIn);
  }

  #refer(target: Schema, keyword: string): void {
    const problem = this.self(target, keyword);
    if (problem === undefined) return;
    const causes = problem.kind === 'group' ? problem.causes : [problem];
    this.#problems.push({ ...this.#plain('validation failed', causes), kind: 'reference' });
  }

  #checkUnevaluated(value: Json): void {
    const { properties, items } = this.unevaluated;
    if (Array.isArray(value)) this.#checkLeft('unevaluatedItems', items, (item) => value[item] ?? null);
    else if (isJsonObject(value)) this.#checkLeft('unevaluatedProperties', properties, (name) => value[name] ?? null);
  }

  #checkLeft<K extends string | number>(keyword: string, left: Set<K> | undefined, valueOf: (part: K) => Json): void {
    const schema = this.schema.one(keyword);
    if (schema === undefined) return;
    for (const part of left ?? []) this.addInner(schema, valueOf(part), String(part));
    left?.clear();
  }

  self(schema: Schema, reference?: string): Problem | undefined {
    const unevaluated = Unevaluated.of(schema, this.value, !this.unevaluated.isEmpty);
    const problem = new SchemaVisit(schema, this.value, this.path, this, unevaluated, reference).problem();
    if (problem === undefined) this.unevaluated.merge(unevaluated);
    return problem;
  }

  inner(schema: Schema, part: Json, name: string): Problem | undefined {
    return new SchemaVisit(schema, part, [...this.path, name], this, Unevaluated.of(schema, part, false)).problem();
  }

  ofName(schema: Schema, name: string): readonly Problem[] {
    return validate(schema, name);
  }

  addInner(schema: Schema, part: Json, name: string): void {
    this.addProblem(this.inner(schema, part, name));
  }

  addProblem(problem: Problem | undefined): void {
    if (problem !== undefined) this.#problems.push(problem);
  }

  add(text: string, causes: readonly Problem[] = []): void {
    this.#problems.push(this.#plain(text, causes));
  }
}

function isRecursiveAnchor(schema: Schema): boolean {
  return isJsonObject(schema.json) && schema.keyword('$recursiveAnchor') === true;
}
