import { RE2JS } from 're2js';
import { memoized } from '../memo/index.ts';

/** A regular expression in RE2's syntax whose matching takes time linear in the text. */
export interface LinearPattern {
  /** Whether the pattern occurs in the text. */
  test(text: string): boolean;
}

/** Compiles a pattern of Go's syntax; `dot-all` lets `.` match line ends. Throws where RE2 does not accept it. */
export function linearPattern(source: string, mode: 'plain' | 'dot-all' = 'plain'): LinearPattern {
  const compiled = COMPILERS[mode](source);
  return { test: (text) => compiled.matcher(text).find() };
}

const COMPILERS = { plain: compilerWith(0), 'dot-all': compilerWith(RE2JS.DOTALL) };

function compilerWith(flags: number): (source: string) => RE2JS {
  return memoized(
    (source) => RE2JS.compile(source, flags),
    (compiled) => compiled.programSize() + UNICODE_CLASS_SIZE * (compiled.pattern().match(/\\[pP]/g)?.length ?? 0),
  );
}

/** A class of Unicode is one instruction with some hundred ranges. */
const UNICODE_CLASS_SIZE = 500;

/** The character as a pattern that matches only itself. */
export function escapePattern(char: string): string {
  return /[\^$\\.*+?()[\]{}|&~-]/.test(char) ? `\\${char}` : char;
}
