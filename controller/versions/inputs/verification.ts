import type { ChartSignature, ChartVerification, ReleaseHistory } from '../../../crds/index.ts';
import { isSignerTrusted, type VerificationKey, type VerificationPolicy } from '../../../registry-client/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import type { Observed } from '../../pass/observed.ts';
import type { VersionServices } from '../services.ts';
import { ReleaseError } from '../../pass/failures/errors.ts';
import type { Target } from '../target.ts';

/** Which entries of a Secret or ConfigMap are public keys: if cosign made the Secret, it has the private key too. */
const KEY_NAMES = { Cosign: /\.pub$/, Helm: /\.(gpg|asc)$/ };
const KEY_NAMES_DESCRIPTION = { Cosign: '*.pub', Helm: '*.gpg or *.asc' };

/**
 * The keys that `spec.chart.verify` names, read as the tenant and watched; undefined if it is not set. Throws ReleaseError
 * ChartVerificationFailed if there are no keys; KubeError.
 */
export async function readPolicy(
  services: Pick<VersionServices, 'children'>,
  observed: Observed,
): Promise<VerificationPolicy | undefined> {
  const { verify } = observed.release.spec.chart;
  if (verify === undefined) return undefined;
  const { key, user, release } = observed;
  const { kind, name } = sourceOf(verify);
  await services.children.watch({ key, user, values: [{ kind, name }] });
  const object = services.children.value(user, kind, release.metadata.namespace, name);
  const keys = object === undefined ? undefined : keysIn(object, verify.provider);
  if (keys !== undefined && keys.length > 0) return { provider: verify.provider, keys };
  const lack = keys === undefined ? 'does not exist' : 'holds no public key';
  const message = `${kind} ${name} of spec.chart.verify ${lack}: it must hold public keys in entries named ${KEY_NAMES_DESCRIPTION[verify.provider]}`;
  // The watch on the object brings the Release back the moment it changes.
  throw new ReleaseError('ChartVerificationFailed', message);
}

/**
 * The signature that a recorded chart was found to have, if it is one that the spec asks for now. Asks no registry. If the keys could not
 * be read in this pass, the signature of the version in force stays.
 */
export async function knownSignature(
  { release, verify }: Pick<Observed, 'release' | 'verify'>,
  { spec: { resolved } }: ReleaseHistory,
): Promise<ChartSignature | undefined> {
  if (release.spec.chart.verify === undefined) return undefined;
  const { chart } = release.status ?? {};
  const recorded = chart?.digest === resolved.digest ? chart.verified : undefined;
  if (verify === undefined) return recorded;
  for (const known of [recorded, resolved.verified]) if (known && (await isSignerTrusted(verify, known))) return known;
  return undefined;
}

type SigningServices = { charts: Pick<VersionServices['charts'], 'signatureOf'> };

/** The signature of a recorded chart that came from a registry, where the spec asks for one. Throws what `Charts.signatureOf` throws. */
async function askedSignature(
  services: SigningServices,
  observed: Pick<Observed, 'release' | 'tenant' | 'verify'>,
  history: ReleaseHistory,
): Promise<ChartSignature | undefined> {
  if (observed.verify === undefined || history.spec.chart.registry === undefined) return undefined;
  return (await knownSignature(observed, history)) ?? services.charts.signatureOf(observed, history);
}

/**
 * The target that `read` makes of a recorded version, with its chart verified if the spec asks for that. The registry is asked before the
 * record is in memory, as it may take long to answer. Throws what `Charts.signatureOf` and `read` throw, and ReleaseError.
 */
export async function signedTarget(
  services: SigningServices,
  observed: Pick<Observed, 'release' | 'tenant' | 'verify'>,
  history: ReleaseHistory,
  read: () => Promise<Target>,
): Promise<Target> {
  const asked = await askedSignature(services, observed, history);
  const target = await read();
  const verified = target.verified ?? asked;
  if (observed.verify === undefined || verified !== undefined) return { ...target, verified };
  const message = `version ${target.version} has a chart that came from no registry, and so no signature: to use it anyway, remove spec.chart.verify`;
  throw new ReleaseError('ChartVerificationFailed', message);
}

function sourceOf({ secretRef, configMapRef }: ChartVerification): { kind: 'Secret' | 'ConfigMap'; name: string } {
  if (secretRef) return { kind: 'Secret', name: secretRef.name };
  return { kind: 'ConfigMap', name: configMapRef?.name ?? '' };
}

function keysIn(object: KubeObject, provider: VerificationPolicy['provider']): VerificationKey[] {
  const { data = {}, binaryData = {} } = object as {
    data?: Record<string, string>;
    binaryData?: Record<string, string>;
  };
  const isSecret = object.kind === 'Secret';
  const decoded = (texts: Record<string, string>, encoding: 'base64' | 'utf8'): VerificationKey[] =>
    Object.entries(texts).map(([name, text]) => ({ name, content: Buffer.from(text, encoding) }));
  const entries = [...decoded(data, isSecret ? 'base64' : 'utf8'), ...decoded(binaryData, 'base64')];
  return entries.filter(({ name }) => KEY_NAMES[provider].test(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
