import type { Problem } from '../problem.ts';
import type { Visit } from './visit.ts';

/** The keywords that combine schemas. */
export function checkCombinations(visit: Visit): void {
  const { schema } = visit;
  const not = schema.one('not');
  if (not !== undefined && visit.self(not) === undefined) visit.add("'not' failed");
  const failed = schema.list('allOf').map((part) => visit.self(part));
  const problems = failed.filter((problem) => problem !== undefined);
  if (problems.length > 0) visit.add("'allOf' failed", problems);
  if (schema.list('anyOf').length > 0) checkAny(visit);
  if (schema.list('oneOf').length > 0) checkOne(visit);
  checkCondition(visit);
}

function checkAny(visit: Visit): void {
  const problems: Problem[] = [];
  let isMatched = false;
  for (const part of visit.schema.list('anyOf')) {
    const problem = visit.self(part);
    if (problem === undefined) isMatched = true;
    else problems.push(problem);
    // What is evaluated counts in all that match.
    if (isMatched && visit.unevaluated.isEmpty) return;
  }
  if (!isMatched) visit.add("'anyOf' failed", problems);
}

function checkOne(visit: Visit): void {
  const problems: Problem[] = [];
  let matched: number | undefined;
  for (const [index, part] of visit.schema.list('oneOf').entries()) {
    const problem = visit.self(part);
    if (problem !== undefined) {
      problems.push(problem);
    } else if (matched === undefined) {
      matched = index;
    } else {
      visit.add(`'oneOf' failed, subschemas ${matched}, ${index} matched`);
      return;
    }
  }
  if (matched === undefined) visit.add("'oneOf' failed, none matched", problems);
}

function checkCondition(visit: Visit): void {
  const condition = visit.schema.one('if');
  if (condition === undefined) return;
  const branch = visit.schema.one(visit.self(condition) === undefined ? 'then' : 'else');
  if (branch !== undefined) visit.addProblem(visit.self(branch));
}
