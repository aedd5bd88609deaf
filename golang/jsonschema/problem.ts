import { quote as quoteInGo } from '../strconv/index.ts';
import { pointerStep } from './keywords.ts';

/** Something that is wrong with a value, with what is wrong inside it. */
export interface Problem {
  /** Where, as the steps from the root. */
  readonly path: readonly string[];
  /** `group` only holds others; `reference` does not show where it holds one. */
  readonly kind: 'plain' | 'group' | 'reference';
  readonly text: string;
  readonly causes: readonly Problem[];
}

/** The problems as the library that Helm uses prints them, one a line. */
export function describeProblems(problems: readonly Problem[], indent = ''): string {
  return problems.map((problem) => describe(problem, indent)).join('');
}

function describe({ path, kind, text, causes }: Problem, indent: string): string {
  if (kind === 'reference' && causes.length === 1) return describeProblems(causes, indent);
  const place = quoted(path.map(pointerStep).join(''));
  return `\n${indent}- at ${place}: ${text}${describeProblems(causes, `${indent}  `)}`;
}

/** The text in single quotes. */
export function quoted(text: string): string {
  return `'${quoteInGo(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** The texts in single quotes, with commas. */
export function allQuoted(texts: readonly string[]): string {
  return texts.map(quoted).join(', ');
}
