import { join } from 'node:path';

import { writeControllerFiles, writeControllerImage } from './image.ts';
import { writePrograms } from './programs.ts';

const USAGE = `usage: node tools/image/main.ts layout FOLDER [ARCHITECTURE ...] | files FOLDER | programs FOLDER    (after 'make page')
  layout    write the controller's image as an OCI layout, for this machine's architecture or for those named (amd64, arm64), and print its
            digest and the size for the first of them
  files     write only the files that are in it
  programs  write only its programs, which run in a folder of this checkout
`;

const root = join(import.meta.dirname, '..', '..');
const sources = { root, page: join(root, 'dist', 'dashboard', 'page') };
const [what, folder, first, ...others] = process.argv.slice(2);

if (what === 'layout' && folder !== undefined) {
  const { digest, compressedBytes, unpackedBytes } = await writeControllerImage(
    sources,
    folder,
    first === undefined ? {} : { architectures: [first, ...others] },
  );
  console.log(`${folder}  ${digest}`);
  console.log(`${megabytes(compressedBytes)} MB compressed, ${megabytes(unpackedBytes)} MB unpacked`);
} else if (what === 'files' && folder !== undefined) {
  await writeControllerFiles(sources, folder);
} else if (what === 'programs' && folder !== undefined) {
  await writePrograms(root, folder);
} else {
  process.stderr.write(USAGE);
  process.exitCode = 2;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
