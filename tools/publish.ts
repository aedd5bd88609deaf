// Makes what is published, beside the image: the folder is named first, then the image and the address, or '' for none, then where the image
// was built, as an OCI layout.
import { writePublished } from './publish/publish.ts';

const [folder = 'dist/published', image = '', url = '', layout] = process.argv.slice(2);
const given = { image: image === '' ? undefined : image, url: url === '' ? undefined : url.replace(/\/$/, ''), layout };
for (const name of await writePublished(folder, given)) process.stdout.write(`${folder}/${name}\n`);
