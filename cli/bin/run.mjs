// Starts the plugin named by the first argument. In a form that old versions of Node read too, so that they are told what is needed.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
// Bundled, it lies beside this file; in a checkout, it is the source.
const bundled = join(here, 'main.mjs');
const main = existsSync(bundled) ? bundled : join(dirname(here), 'main.ts');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 19)) {
  // What was compiled once need not be again. In the user's own folder: who can write to it decides what is run.
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  module.enableCompileCache(process.env['NODE_COMPILE_CACHE'] || join(cache, 'coxswain', 'compiled'));
  void import(pathToFileURL(main).href);
} else {
  console.error(
    `error: Node 22.19 or newer is needed, and ${process.execPath} is ${process.versions.node}: name another one by COXSWAIN_NODE`,
  );
  process.exitCode = 1;
}
