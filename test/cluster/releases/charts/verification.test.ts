import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import { LOOPBACK, pushChart } from '../../../../registry-client/index.ts';
import { startRegistry } from '../../../conformance/registry-client/real-registry.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import { signingKey, sigstoreBundle, simpleSigning, storeSignature } from '../../../support/charts/cosign-signer.ts';
import type { SigningKey, StoredSignature } from '../../../support/charts/cosign-signer.ts';
import { eventually } from '../../../support/eventually.ts';
import { releaseOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { pgpKey, provenanceOf } from '../../../support/charts/pgp-signer.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}}
data:
  chart: {{ .Chart.Version | quote }}
  value: {{ .Values.value | quote }}
`;
const alice = signingKey();
const mallory = signingKey();

const coxswain = story();
let tenant: Tenant;
let release: ReleaseView;
let charts = 0;
/** A chart of its own for each test. */
let name: string;

beforeEach(async () => {
  tenant = await coxswain.tenant();
  release = tenant.release('app');
  name = `signed-${++charts}`;
});

const parts = (version: string) => ({ name, version, values: 'value: a', templates: { 'config.yaml': CONFIG } });

const push = async (version = '1.0.0'): Promise<StoredChart> => coxswain.push(parts(version));

const sign = async (
  chart: StoredChart,
  key: SigningKey,
  how: (key: SigningKey, digest: string) => StoredSignature = sigstoreBundle,
): Promise<void> =>
  storeSignature(`http://${coxswain.controlPlane.registry}/v2/charts/${chart.name}`, how(key, chart.digest));

const keysAre = async (keys: Record<string, string | Uint8Array>, kind = 'Secret'): Promise<void> => {
  const encoded = Object.entries(keys).map(([key, content]) => [key, Buffer.from(content).toString('base64')]);
  const field = kind === 'Secret' ? 'data' : 'binaryData';
  const metadata = { name: 'keys', namespace: tenant.namespace };
  await coxswain.kubectl.apply({ apiVersion: 'v1', kind, metadata, [field]: Object.fromEntries(encoded) });
};

const verify = { provider: 'Cosign', secretRef: { name: 'keys' } };

const install = async (chart: StoredChart, more: object = { verify }, spec: object = {}): Promise<void> => {
  const { registry, version } = chart;
  const reference = { registry, name: chart.name, version, ...more };
  await tenant.apply('app', chart, { chart: reference, ...spec });
};

const config = async (): Promise<Record<string, string> | undefined> => tenant.configMap('app');

const isAt = (version: number) => (found: Release) =>
  found.status?.version === version && found.status.conditions?.[0]?.status === 'True';

describe('a chart that is signed', () => {
  test.each([
    ['in a bundle', sigstoreBundle],
    ['by simple signing', simpleSigning],
  ])('with cosign, %s, is applied, and the status says who signed it', async (_, how) => {
    const chart = await push();
    await sign(chart, alice, how);
    await keysAre({ 'alice.pub': alice.publicPem, 'mallory.pub': mallory.publicPem, 'cosign.key': 'not looked at' });
    await install(chart);
    const { status } = await release.ready();
    const verified = { provider: 'Cosign', key: 'alice.pub', fingerprint: expect.stringMatching(/^sha256:/) };
    expect(status?.chart).toMatchObject({ digest: chart.digest, verified });
    await expect(config()).resolves.toMatchObject({ chart: '1.0.0' });
    const [history] = await release.histories();
    expect(history?.spec.resolved.verified).toEqual(status?.chart?.verified);
    expect(history?.spec.chart).not.toHaveProperty('verify');
  });

  test('with PGP, by its provenance file, is applied; the keyring may be in a ConfigMap', async () => {
    const key = await pgpKey('Alice');
    const tarball = buildChart(parts('1.0.0'));
    const registry = `oci://${coxswain.controlPlane.registry}/charts`;
    const provenance = Buffer.from(await provenanceOf(key, tarball, { name }));
    const metadata = { apiVersion: 'v2', name, version: '1.0.0' };
    const { digest } = await pushChart(tarball, { registry, metadata, provenance, network: { allow: LOOPBACK } });
    await keysAre({ 'pubring.gpg': key.keyring }, 'ConfigMap');
    const ring = { verify: { provider: 'Helm', configMapRef: { name: 'keys' } } };
    await install({ registry, name, version: '1.0.0', digest }, ring);
    const { status } = await release.ready();
    expect(status?.chart?.verified).toMatchObject({ key: 'pubring.gpg', signer: 'Alice <alice@example.com>' });
    expect(Date.parse(status?.chart?.verified?.signedAt ?? '')).toBeGreaterThan(0);
  });
});

describe('nothing is applied', () => {
  test('of a chart without a signature, until it has one', async () => {
    const chart = await push();
    await keysAre({ 'alice.pub': alice.publicPem });
    await install(chart);
    const { message } = await release.failed('ChartVerificationFailed');
    expect(message).toContain('there is no cosign signature');
    expect(message).toContain('cosign sign --key');
    await expect(config()).resolves.toBeUndefined();
    await expect(release.histories()).resolves.toEqual([]);
    await sign(chart, alice);
    await release.ready();
  });

  test('of a chart signed by another key, until that key is added', async () => {
    const chart = await push();
    await sign(chart, mallory);
    await keysAre({ 'alice.pub': alice.publicPem });
    await install(chart);
    await expect(release.failed('ChartVerificationFailed')).resolves.toMatchObject({
      message: expect.stringContaining('another key'),
    });
    await expect(config()).resolves.toBeUndefined();
    await keysAre({ 'alice.pub': alice.publicPem, 'mallory.pub': mallory.publicPem });
    await release.ready();
  });

  test('of a chart that replaced the signed one under its tag', async () => {
    const signed = await push();
    await sign(signed, alice);
    const tampered = await coxswain.push({ ...parts('1.0.0'), values: 'value: evil' });
    expect(tampered.digest).not.toBe(signed.digest);
    await keysAre({ 'alice.pub': alice.publicPem });
    await install(tampered);
    await release.failed('ChartVerificationFailed');
    await expect(config()).resolves.toBeUndefined();
    await release.patch({ chart: { digest: signed.digest } });
    await release.ready();
    await expect(config()).resolves.toMatchObject({ value: 'a' });
  });

  test('without keys: where the Secret is missing, or has none under the expected names', async () => {
    const chart = await push();
    await sign(chart, alice);
    await install(chart);
    const missing = await release.failed('ChartVerificationFailed');
    expect(missing.message).toContain('Secret keys of spec.chart.verify does not exist');
    await keysAre({ 'alice.pem': alice.publicPem });
    await release.until(({ status }) => status?.message?.includes('*.pub') === true);
    await keysAre({ 'alice.pub': alice.publicPem });
    await release.ready();
  });
});

describe('the version in force stays', () => {
  test('when a newer version in the range is not signed, and the newer one is deployed as soon as it is', async () => {
    const first = await push('1.0.0');
    await sign(first, alice);
    await keysAre({ 'alice.pub': alice.publicPem });
    await install(first, { verify, version: '^1.0.0' }, { interval: '5s' });
    await release.ready();
    const second = await push('1.1.0');
    await release.failed('ChartVerificationFailed');
    const { status } = await release.get();
    expect(status).toMatchObject({ version: 1, chart: { version: '1.0.0', verified: { key: 'alice.pub' } } });
    await tenant.kubectl('delete', 'configmap', 'app');
    await eventually(config, (data) => data?.['chart'] === '1.0.0');
    await sign(second, alice);
    await release.until(isAt(2));
    await expect(config()).resolves.toMatchObject({ chart: '1.1.0' });
  });

  test('when a signature is required later, and when the key is withdrawn; neither makes a version', async () => {
    const chart = await push();
    await keysAre({ 'alice.pub': alice.publicPem });
    await install(chart, {});
    await release.ready();
    await release.patch({ chart: { verify } });
    await release.failed('ChartVerificationFailed');
    await expect(config()).resolves.toMatchObject({ chart: '1.0.0' });
    await sign(chart, alice);
    const { status } = await release.ready();
    expect(status).toMatchObject({ version: 1, chart: { verified: { key: 'alice.pub' } } });
    await keysAre({ 'alice.pub': mallory.publicPem });
    await release.failed('ChartVerificationFailed');
    const revoked = await release.get();
    expect(revoked.status?.chart?.verified).toBeUndefined();
    await expect(config()).resolves.toMatchObject({ chart: '1.0.0' });
    await expect(release.histories()).resolves.toHaveLength(1);
  });
});

describe('rolling back', () => {
  test('keeps the required signers, and reports who signed the earlier chart', async () => {
    const [first, second] = [await push('1.0.0'), await push('1.1.0')];
    await keysAre({ 'alice.pub': alice.publicPem });
    await sign(first, alice);
    await sign(second, alice);
    await install(first);
    await release.ready();
    await release.patch({ chart: { version: '1.1.0' } });
    await release.until(isAt(2));
    await release.patch({ version: 1 });
    const { spec, status } = await release.until(isAt(1));
    expect(spec.chart).toMatchObject({ version: '1.0.0', verify });
    expect(status?.chart).toMatchObject({ version: '1.0.0', digest: first.digest });
    expect(status?.chart?.verified).toMatchObject({ key: 'alice.pub' });
    await expect(config()).resolves.toMatchObject({ chart: '1.0.0' });
  });

  test('needs no registry, and neither does a change of values on an already verified chart', async () => {
    const registry = await startRegistry();
    try {
      const place = { registry: `oci://${registry.host}/charts`, name };
      for (const version of ['1.0.0', '1.1.0']) {
        const metadata = { apiVersion: 'v2', name, version };
        const options = { registry: place.registry, metadata, network: { allow: LOOPBACK } };
        const { digest } = await pushChart(buildChart(parts(version)), options);
        await storeSignature(`http://${registry.host}/v2/charts/${name}`, sigstoreBundle(alice, digest));
      }
      await keysAre({ 'alice.pub': alice.publicPem });
      await install({ ...place, version: '1.0.0', digest: '' });
      await release.ready();
      await release.patch({ chart: { version: '1.1.0' } });
      await release.until(isAt(2));
    } finally {
      await registry.stop();
    }
    await release.patch({ version: 1 });
    const { status } = await release.until(isAt(1));
    expect(status?.chart?.verified).toMatchObject({ key: 'alice.pub' });
    await release.patch({ values: { value: 'b' } });
    await release.until(isAt(3));
    await expect(config()).resolves.toEqual({ chart: '1.0.0', value: 'b' });
  });

  test('to a version that is not signed is refused, unless no signature is required', async () => {
    const [unsigned, signed] = [await push('1.0.0'), await push('1.1.0')];
    await sign(signed, alice);
    await keysAre({ 'alice.pub': alice.publicPem });
    await install(unsigned, {});
    await release.ready();
    await release.patch({ chart: { version: '1.1.0', verify } });
    await release.until(isAt(2));
    await release.patch({ version: 1 });
    await release.failed('ChartVerificationFailed');
    await expect(config()).resolves.toMatchObject({ chart: '1.1.0' });
    await release.patch({ chart: { verify: null } });
    await release.until(isAt(1));
    await expect(config()).resolves.toMatchObject({ chart: '1.0.0' });
  });
});

test('an administrator can require it for every Release of a namespace', async () => {
  const { kubectl } = coxswain;
  const chart = await push();
  const policy = join(import.meta.dirname, '..', '..', '..', '..', 'examples', 'require-verified-charts.yaml');
  await install(chart, {});
  await release.ready();
  await kubectl('apply', '--filename', policy);
  await kubectl('label', 'namespace', tenant.namespace, 'example.com/charts=verified');
  const another = JSON.stringify(releaseOf(tenant.namespace, 'another', chart));
  const create = () => kubectl.attempt(['create', '--dry-run=server', '--filename=-'], { input: another });
  const { stderr } = await eventually(create, ({ code }) => code !== 0);
  expect(stderr).toContain('set spec.chart.verify');
  await sign(chart, alice);
  await keysAre({ 'alice.pub': alice.publicPem });
  await release.patch({ chart: { verify }, values: { value: 'b' } });
  await release.until(isAt(2));
  await release.delete();
});
