import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { list } from 'tar';

import { CONTROLLER_CONFIG, writeControllerImage } from '../../../tools/image/image.ts';
import type { WrittenImage } from '../../../tools/image/layout.ts';
import { cacheDirectory } from '../../control-plane/binaries/cache.ts';
import { run } from '../../support/cluster/kubectl.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const TIMEOUT_MS = 180_000;
const dockerfile = readFileSync(join(ROOT, 'deploy', 'Dockerfile'), 'utf8');
const [, buildStage = '', lastStage = ''] = dockerfile.split(/^FROM .*$/m);

const instructions = (stage: string, name: string): string[] =>
  [...stage.matchAll(new RegExp(`^${name} (.*)$`, 'gm'))].map(([, words]) => words ?? '');

type Manifest = { config: { digest: string }; layers: { digest: string }[] };

const blob = (layout: string, digest: string): string => join(layout, 'blobs', digest.replace(':', '/'));

const manifestOf = (layout: string): Manifest => {
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: [{ digest: string }] };
  return JSON.parse(readFileSync(blob(layout, index.manifests[0].digest), 'utf8')) as Manifest;
};

const filesOf = async (layout: string): Promise<string[]> => {
  const files: string[] = [];
  for (const { digest } of manifestOf(layout).layers) {
    await list({
      file: blob(layout, digest),
      onReadEntry: ({ path, type }) => void (type === 'File' && files.push(path)),
    });
  }
  return files.toSorted();
};

describe("the controller's image", () => {
  const folder = mkdtempSync(join(tmpdir(), 'coxswain-image-'));
  /** A copy of what the Dockerfile copies, in which its commands have been run. */
  const context = join(folder, 'context');
  const layouts = [join(folder, 'first'), join(folder, 'second')] as const;
  const written: WrittenImage[] = [];

  beforeAll(async () => {
    const sent = readFileSync(join(ROOT, 'deploy', 'Dockerfile.dockerignore'), 'utf8').split('\n');
    for (const words of instructions(buildStage, 'COPY')) {
      for (const source of words.split(' ').slice(0, -1)) {
        expect(sent).toContain(`!${source}`);
        cpSync(join(ROOT, source), join(context, source), { recursive: true });
      }
    }
    symlinkSync(join(ROOT, 'node_modules'), join(context, 'node_modules'));
    const commands =
      instructions(buildStage, 'RUN')
        .at(-1)
        ?.replace(/(?<= )\/image$/, join(folder, 'files')) ?? '';
    const { code, stdout } = await run('sh', ['-c', `cd '${context}' && ${commands}`]);
    expect({ code, stdout: code === 0 ? '' : stdout }).toEqual({ code: 0, stdout: '' });
    const sources = { root: context, page: join(context, 'dist', 'dashboard', 'page') };
    for (const layout of layouts) {
      written.push(await writeControllerImage(sources, layout, { cache: join(cacheDirectory(), 'layers') }));
    }
  }, TIMEOUT_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('has the same digest when it is built again', () => {
    expect(written[0]?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(written[1]).toEqual(written[0]);
  });

  test('has the same files as one built from the Dockerfile', async () => {
    const files = join(folder, 'files');
    const inDocker = readdirSync(files, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(files.length + 1));
    expect(await filesOf(layouts[0])).toEqual(inDocker.toSorted());
    expect(instructions(lastStage, 'COPY')).toEqual(['--from=build /image /']);
  });

  test('starts as one built from the Dockerfile does', () => {
    const { config } = manifestOf(layouts[0]);
    const started = JSON.parse(readFileSync(blob(layouts[0], config.digest), 'utf8')) as { config: object };
    expect(started.config).toMatchObject({
      Entrypoint: JSON.parse(instructions(lastStage, 'ENTRYPOINT')[0] ?? ''),
      WorkingDir: instructions(lastStage, 'WORKDIR')[0],
      User: instructions(lastStage, 'USER')[0],
      Env: instructions(lastStage, 'ENV'),
    });
    expect(CONTROLLER_CONFIG.User).toBe('65532:65532');
    expect(existsSync(join(folder, 'files', CONTROLLER_CONFIG.WorkingDir, CONTROLLER_CONFIG.Entrypoint[1]))).toBe(true);
  });

  test('contains Node and its libraries, no other program, and only files that are read when it runs', async () => {
    const files = await filesOf(layouts[0]);
    const system = files.filter((path) => !path.startsWith('coxswain/') && !path.startsWith('usr/share/doc/'));
    const others = system.filter(
      (path) => !/^(usr\/local\/bin\/node|lib\S*\/\S+\.so\.\d+|etc\/(passwd|group|nsswitch\.conf))$/.test(path),
    );
    expect(others).toEqual([]);
    expect(files.filter((path) => /\.(d\.ts|map)$|\/(typescript|jest|npm)\//.test(path))).toEqual([]);
    expect(files).toContain('usr/share/doc/@kubernetes/client-node/LICENSE');
  });
});
