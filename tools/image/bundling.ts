import type { BuildOptions } from 'esbuild';

/** Some packages load others by `require`, which a module does not have. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

/** How programs are put into a few files with all their packages, of which what is loaded on demand are files of their own. */
export const BUNDLED = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  outExtension: { '.js': '.mjs' },
  // Names stay: they are in messages.
  minifyWhitespace: true,
  minifySyntax: true,
  banner: { js: REQUIRE },
  logLevel: 'warning',
} as const satisfies BuildOptions;
