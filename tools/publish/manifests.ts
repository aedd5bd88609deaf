import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';

/** What is applied to install Coxswain: the definitions, the rights, and the controller with this image, if one is named. */
export async function installManifest(root: string, image: string | undefined): Promise<string> {
  const definitions = (await readdir(join(root, 'crds'))).filter((name) => name.endsWith('.yaml')).toSorted();
  const paths = [
    ...definitions.map((name) => join('crds', name)),
    ...['access', 'people', 'controller'].map((name) => join('deploy', `${name}.yaml`)),
  ];
  const texts = await Promise.all(paths.map((path) => readFile(join(root, path), 'utf8')));
  const all = texts.join('---\n');
  return image === undefined ? all : all.replace('image: coxswain:dev', `image: ${image}`);
}

/** The alerts as the file of rules that Prometheus reads by itself. */
export async function alertRules(root: string): Promise<string> {
  const text = await readFile(join(root, 'deploy', 'monitoring', 'alerts.yaml'), 'utf8');
  return `${JSON.stringify((load(text) as { spec: unknown }).spec, undefined, 2)}\n`;
}
