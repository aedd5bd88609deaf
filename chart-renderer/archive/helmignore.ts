import { ChartError, messageOf } from '../errors.ts';
import { compilePathPattern } from './path-pattern.ts';

/** Whether Helm leaves a path of a chart's directory out of the chart. */
export type IgnoreRules = (path: string, kind: 'directory' | 'file') => boolean;

interface Rule {
  readonly negated: boolean;
  readonly directoriesOnly: boolean;
  /** Whether the pattern is for whole paths; otherwise it is for their last part. */
  readonly isForPaths: boolean;
  readonly matches: (path: string) => boolean;
}

/**
 * The rules of a `.helmignore` file's text with Helm's own defaults after them. Like Helm, a negated rule ignores everything that
 * it does not match, and `**` is refused (`invalid-chart`).
 */
export function parseIgnoreRules(text: string): IgnoreRules {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  const written = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const rules = [...written.map(parseRule), ...DEFAULT_RULES];
  return (path, kind) => isIgnored(rules, path, kind);
}

const DEFAULT_RULES: readonly Rule[] = [parseRule('templates/.?*')];

function isIgnored(rules: readonly Rule[], path: string, kind: 'directory' | 'file'): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return rules.some(({ negated, directoriesOnly, isForPaths, matches }) => {
    const applies = !directoriesOnly || kind === 'directory';
    return (applies && matches(isForPaths ? path : name)) !== negated;
  });
}

function parseRule(line: string): Rule {
  if (line.includes('**')) {
    throw new ChartError('InvalidChart', `.helmignore: double-star (**) syntax is not supported: ${line}`, {
      file: '.helmignore',
    });
  }
  const negated = line.startsWith('!');
  const body = negated ? line.slice(1) : line;
  const directoriesOnly = body.endsWith('/');
  const pattern = directoriesOnly ? body.slice(0, -1) : body;
  const matches = compile(pattern.replace(/^\//, ''), line);
  return { negated, directoriesOnly, isForPaths: pattern.includes('/'), matches };
}

function compile(pattern: string, line: string): (path: string) => boolean {
  try {
    return compilePathPattern(pattern);
  } catch (error) {
    throw new ChartError('InvalidChart', `.helmignore: ${line}: ${messageOf(error)}`, {
      file: '.helmignore',
      cause: error,
    });
  }
}
