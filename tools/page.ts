// Builds the dashboard's page into dist/dashboard/page, or the folder that is named, and says how much it is. Fails if that is too much.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** All files together, compressed: a first visit loads no more. */
const MAX_BYTES = 100_000;

const root = join(import.meta.dirname, '..');
// Vite would take a relative one as below the page's sources.
const directory = resolve(process.argv[2] ?? join(root, 'dist', 'dashboard', 'page'));

await build({
  configFile: false,
  root: join(root, 'dashboard', 'page'),
  base: '/',
  logLevel: 'warn',
  build: {
    outDir: directory,
    emptyOutDir: true,
    target: ['chrome125', 'firefox125', 'safari17.5'],
    // What is inlined, the policy of the page would refuse.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const sizes = files.map(({ parentPath, name }) => {
  const bytes = readFileSync(join(parentPath, name));
  return { name, packed: gzipSync(bytes, { level: 9 }).length };
});
const total = sizes.reduce((sum, { packed }) => sum + packed, 0);
for (const { name, packed } of sizes) process.stdout.write(`${String(packed).padStart(7)}  ${name}\n`);
process.stdout.write(`${String(total).padStart(7)}  bytes compressed, all together, of ${MAX_BYTES}\n${directory}\n`);
if (total > MAX_BYTES) throw new Error(`the page is ${total} bytes compressed, which is more than ${MAX_BYTES}`);
