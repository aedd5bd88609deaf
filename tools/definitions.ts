// Copies the schema of a Release's spec from crds/releases.yaml into crds/releasepreviews.yaml, which has the same one. Run after an edit of
// the first: `make definitions`.
import { readFileSync, writeFileSync } from 'node:fs';

const RELEASES = new URL('../crds/releases.yaml', import.meta.url);
const PREVIEWS = new URL('../crds/releasepreviews.yaml', import.meta.url);
const SPEC = ' '.repeat(12);
const DEEPER = ' '.repeat(8);

const [, , spec = ''] = new RegExp(`^(.*?)^(${SPEC}spec:\n.*?)^${SPEC}status:\n`, 'ms').exec(read(RELEASES)) ?? [];
if (spec === '') throw new Error(`no schema of a spec in ${RELEASES.pathname}`);
const copied = spec.replaceAll(/^(?=.)/gm, DEEPER);
const previews = read(PREVIEWS).replace(
  /^( *# Begin of the spec[^\n]*\n).*?^( *# End of the spec[^\n]*\n)/ms,
  (_, begin: string, end: string) => `${begin}${copied}${end}`,
);
writeFileSync(PREVIEWS, previews);

function read(file: URL): string {
  return readFileSync(file, 'utf8');
}
