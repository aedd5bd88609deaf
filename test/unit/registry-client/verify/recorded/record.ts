// Records anew what real cosign makes of the tests' chart, and has it verify what the tests' signer makes:
// node test/unit/registry-client/verify/recorded/record.ts $(go env GOPATH)/bin/cosign
// after `go install github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3`, which takes a Go module proxy and minutes.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { startRegistry } from '../../../../conformance/registry-client/real-registry.ts';
import { signingKey, sigstoreBundle, simpleSigning, storeSignature } from '../../../../support/charts/cosign-signer.ts';
import type { SigningKey, StoredSignature } from '../../../../support/charts/cosign-signer.ts';
import { chartImage } from '../../support/server.ts';

type Descriptor = { digest: string };
type StoredManifest = { manifests?: Descriptor[]; layers?: Descriptor[]; config?: Descriptor };

const run = promisify(execFile);
const MANIFESTS = 'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json';
const OFFLINE = ['--use-signing-config=false', '--tlog-upload=false', '--allow-http-registry', '--yes'];
const [cosign = 'cosign'] = process.argv.slice(2);
const directory = await mkdtemp(join(tmpdir(), 'coxswain-cosign-'));
const registry = await startRegistry();
const image = chartImage();

const runCosign = async (...args: string[]): Promise<string> =>
  (await run(cosign, args, { cwd: directory, env: { ...process.env, COSIGN_PASSWORD: '' } })).stdout;

const storeImage = async (space: string): Promise<{ url: string; reference: string }> => {
  const url = `http://${registry.host}/v2/${space}/web`;
  await storeSignature(url, { manifests: new Map(), blobs: image.blobs });
  const headers = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
  const body = Buffer.from(image.manifest);
  const answer = await fetch(`${url}/manifests/1.0.0`, { method: 'PUT', headers, body });
  if (answer.status !== 201) throw new Error(`${answer.url} answered ${answer.status}`);
  return { url, reference: `${registry.host}/${space}/web@${image.digest}` };
};

const importKey = async (name: string, { privateKey, publicPem }: SigningKey): Promise<void> => {
  await writeFile(join(directory, `${name}.pem`), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(join(directory, `${name}.pub`), publicPem);
  await runCosign('import-key-pair', '--key', `${name}.pem`, '--output-key-prefix', name, '--yes');
};

/** Everything that was stored besides the image: by tag, and by digest what those lead to. */
const collect = async (url: string): Promise<{ manifests: Record<string, string>; blobs: Record<string, string> }> => {
  const { tags } = (await (await fetch(`${url}/tags/list`)).json()) as { tags: string[] };
  const manifests: Record<string, string> = {};
  const blobs: Record<string, string> = {};
  const visit = async (reference: string): Promise<void> => {
    const text = await (await fetch(`${url}/manifests/${reference}`, { headers: { accept: MANIFESTS } })).text();
    manifests[reference] = text;
    const { manifests: listed = [], layers = [], config } = JSON.parse(text) as StoredManifest;
    for (const { digest } of listed) await visit(digest);
    for (const { digest } of config === undefined ? [] : [config, ...layers])
      blobs[digest] = await (await fetch(`${url}/blobs/${digest}`)).text();
  };
  for (const tag of tags.filter((name) => name !== '1.0.0')) await visit(tag);
  return { manifests, blobs };
};

const record = async (title: string, kind: 'P-256' | 'P-384' | 'rsa', command: string[]): Promise<object> => {
  const name = title.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();
  const key = signingKey(kind);
  await importKey(name, key);
  const { url, reference } = await storeImage(name);
  await runCosign(...command, ...OFFLINE, '--key', `${name}.key`, reference);
  return { title, publicPem: key.publicPem, stored: await collect(url) };
};

const checkOurs = async (name: string, signature: (key: SigningKey) => StoredSignature, more: string[]) => {
  const key = signingKey();
  await importKey(name, key);
  const { url, reference } = await storeImage(name);
  await storeSignature(url, signature(key));
  const flags = ['--key', `${name}.pub`, '--insecure-ignore-tlog=true', '--allow-http-registry', ...more];
  await runCosign('verify', ...flags, reference);
};

try {
  await writeFile(join(directory, 'predicate.json'), '{}');
  const bundle = ['sign', '--new-bundle-format=true'];
  const simple = ['sign', '--new-bundle-format=false'];
  const attest = ['attest', '--new-bundle-format=true', '--type=slsaprovenance1', '--predicate=predicate.json'];
  const cases = [
    await record('a bundle, P-256', 'P-256', bundle),
    await record('a bundle, P-384', 'P-384', bundle),
    await record('a bundle, RSA', 'rsa', bundle),
    await record('simple signing, P-256', 'P-256', simple),
    await record('simple signing, P-384', 'P-384', simple),
    await record('simple signing, RSA', 'rsa', simple),
    await record('an attestation', 'P-256', attest),
  ];
  await checkOurs('our-bundle', (key) => sigstoreBundle(key, image.digest), []);
  await checkOurs('our-simple', (key) => simpleSigning(key, image.digest), ['--new-bundle-format=false']);
  const text = JSON.stringify(cases, null, 1);
  await writeFile(new URL('cosign.json', import.meta.url), `${text}\n`);
} finally {
  await registry.stop();
  await rm(directory, { recursive: true, force: true });
}
