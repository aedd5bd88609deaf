import type { BuildOptions } from 'esbuild';

/** Some packages load others by `require`, which a module does not have. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

/** How a program is put into one file with all its packages. */
export const BUNDLED = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  banner: { js: REQUIRE },
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** The same in a few files, of which what is loaded on demand are files of their own. */
export const BUNDLED_IN_PARTS = {
  ...BUNDLED,
  splitting: true,
  outExtension: { '.js': '.mjs' },
  // Names stay: they are in messages.
  minifyWhitespace: true,
  minifySyntax: true,
} as const satisfies BuildOptions;
