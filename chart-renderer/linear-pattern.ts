import { RE2JS } from 're2js';

/** A regular expression in RE2's syntax whose matching takes time linear in the text. */
export interface LinearPattern {
  /** Whether the pattern occurs in the text. */
  test(text: string): boolean;
}

/** Compiles a pattern of Go's syntax; `dot-all` lets `.` match line ends. Throws where RE2 does not accept it. */
export function linearPattern(source: string, mode: 'plain' | 'dot-all' = 'plain'): LinearPattern {
  const compiled = RE2JS.compile(source, mode === 'dot-all' ? RE2JS.DOTALL : 0);
  return { test: (text) => compiled.matcher(text).find() };
}

/** The character as a pattern that matches only itself. */
export function escapePattern(char: string): string {
  return /[\^$\\.*+?()[\]{}|&~-]/.test(char) ? `\\${char}` : char;
}
