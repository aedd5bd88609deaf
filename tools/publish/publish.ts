import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleCommand } from '../command/bundle.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { packOwnChart } from './chart.ts';
import { krewManifest, packCommand } from './command.ts';
import { sha256Of } from './digest.ts';
import { alertRules, installManifest } from './manifests.ts';
import { provenance, type Subject } from './provenance.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** What is not in the sources. */
export interface Published {
  /** Where the nodes of those who install it pull the image from. */
  image?: string | undefined;
  /** Where the files are going to be, without a slash at the end; without it there is no manifest for krew. */
  url?: string | undefined;
  /** The OCI layout of the image that was built with it. */
  layout?: string | undefined;
}

/**
 * Writes what is published into a folder, in place of what is in it, and last their digests, `SHA256SUMS`. The same sources give the same
 * files. Returns their names.
 */
export async function writePublished(folder: string, { image, url, layout }: Published): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const version = await bundleCommand(join(folder, 'command'));
  const command = `kubectl-release-${version}.tgz`;
  const archive = await packCommand(join(folder, 'command'));
  await rm(join(folder, 'command'), { recursive: true });
  const chart = await packOwnChart(version, image);
  const files: [string, string | Uint8Array][] = [
    [command, archive],
    [`coxswain-${version}.tgz`, chart.bytes],
    ['install.yaml', await installManifest(ROOT, image)],
    ['alerts.json', await alertRules(ROOT)],
    ['dashboard.json', await readFile(join(ROOT, 'deploy', 'monitoring', 'dashboard.json'), 'utf8')],
    ['sbom.cdx.json', await billOfMaterials(ROOT)],
  ];
  if (url !== undefined) {
    const krew = krewManifest({ version, url: `${url}/${command}`, sha256: sha256Of(archive) });
    files.push(['release.yaml', `${JSON.stringify(krew, undefined, 2)}\n`]);
  }
  const made = files.map(([name, content]) => ({ name, sha256: sha256Of(content) }));
  const subjects = [...made, ...(layout === undefined ? [] : [await imageIn(layout)])];
  files.push(['provenance.json', await provenance(ROOT, subjects, { image, url })]);
  const sums = files.map(([name, content]) => `${sha256Of(content)}  ${name}\n`);
  for (const [name, content] of [...files, ['SHA256SUMS', sums.join('')] as const]) {
    await writeFile(join(folder, name), content);
  }
  return [...files.map(([name]) => name), 'SHA256SUMS'];
}

async function imageIn(layout: string): Promise<Subject> {
  const index = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')) as { manifests: { digest: string }[] };
  return { name: 'image', sha256: index.manifests[0]?.digest.replace('sha256:', '') ?? '' };
}
