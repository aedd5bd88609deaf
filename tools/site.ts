// Makes the documentation as static HTML, in the folder that is named; ends with 1 where a link leads nowhere.
import { join } from 'node:path';
import { deadLinks } from './site/links.ts';
import { writeSite } from './site/site.ts';

const [folder = 'dist/site'] = process.argv.slice(2);
const count = await writeSite(join(import.meta.dirname, '..'), folder);
const dead = deadLinks(folder);
for (const link of dead) process.stderr.write(`${link} leads nowhere\n`);
process.stdout.write(`${folder}  ${count} pages\n`);
process.exitCode = dead.length === 0 ? 0 : 1;
