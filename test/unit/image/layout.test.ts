import { createHash } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layerOf, writeImages, writeLayout, type Layer } from '../../../tools/image/layout.ts';

type Descriptor = { mediaType: string; digest: string; size: number; platform?: object };
type Named = { manifests?: Descriptor[]; config?: Descriptor; layers?: Descriptor[]; architecture?: string };

const folder = mkdtempSync(join(tmpdir(), 'layout-'));
afterAll(() => rmSync(folder, { recursive: true }));

const layer = async (text: string): Promise<Layer> =>
  layerOf([{ kind: 'file', path: text, mode: 0o644, content: Buffer.from(text) }]);
const blobOf = (layout: string, { digest }: Descriptor): Buffer =>
  readFileSync(join(layout, 'blobs', digest.replace(':', '/')));
const read = (layout: string, descriptor: Descriptor): Named =>
  JSON.parse(blobOf(layout, descriptor).toString()) as Named;

test('an image for two architectures has an index that points to both, and shared layers once', async () => {
  const layout = join(folder, 'both');
  const [shared, one, other] = await Promise.all(['shared', 'one', 'other'].map(layer));
  if (!shared || !one || !other) throw new Error('no layers');
  const images = [
    { architecture: 'amd64', layers: [one, shared] },
    { architecture: 'arm64', layers: [other, shared] },
  ] as const;
  const { digest } = await writeImages(layout, images, { Entrypoint: ['/one'] });
  const top = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: [Descriptor] };
  expect(top.manifests).toMatchObject([{ digest, mediaType: 'application/vnd.oci.image.index.v1+json' }]);
  const manifests = read(layout, top.manifests[0]).manifests ?? [];
  expect(manifests.map(({ platform }) => platform)).toEqual([
    { architecture: 'amd64', os: 'linux' },
    { architecture: 'arm64', os: 'linux' },
  ]);
  const parts = manifests.map((each) => read(layout, each));
  expect(parts.map(({ config }) => config && read(layout, config).architecture)).toEqual(['amd64', 'arm64']);
  const all = [top.manifests[0], ...manifests, ...parts.flatMap(({ config, layers = [] }) => [config, ...layers])];
  for (const each of all) {
    if (!each) throw new Error('a manifest has no configuration');
    const blob = blobOf(layout, each);
    expect({ size: blob.length, digest: `sha256:${createHash('sha256').update(blob).digest('hex')}` }).toEqual({
      size: each.size,
      digest: each.digest,
    });
  }
  // The index, two manifests, two configurations, and three layers.
  expect(readdirSync(join(layout, 'blobs', 'sha256'))).toHaveLength(8);
});

test('an image for one architecture has no index', async () => {
  const layout = join(folder, 'one');
  const { digest } = await writeLayout(layout, 'arm64', [await layer('one')], { Entrypoint: ['/one'] });
  const top = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: [Descriptor] };
  expect(top.manifests).toMatchObject([{ digest, mediaType: 'application/vnd.oci.image.manifest.v1+json' }]);
});
