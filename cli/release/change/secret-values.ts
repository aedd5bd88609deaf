import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../chart-renderer/index.ts';
import type { ValuesReference } from '../../../crds/index.ts';
import { SECRETS } from '../../cluster.ts';
import type { Cluster } from '../../cluster.ts';
import { CliError } from '../../errors.ts';
import { pathAndValue, textOfFile } from '../values.ts';

/** The options by which secret values are given, for `readArguments`. */
export const SECRET_VALUES_OPTIONS = {
  'set-secret': { type: 'string', multiple: true, default: [] as string[] },
  'set-secret-file': { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** The part of a command's usage about them. */
export const SECRET_VALUES_USAGE = `  --set-secret PATH=VALUE  one text that those who may view the Release must not see: it is kept in the Secret NAME-release-values,
                           and the Release refers to it; --set-secret-file PATH=FILE: the text of a file, "-" for standard input`;

/** What the user gave by them, in the order given. */
export interface SecretValuesFlags {
  readonly 'set-secret': readonly string[];
  readonly 'set-secret-file': readonly string[];
}

/** Values that are kept in a Secret, by its keys, and how a Release refers to them. */
export interface SecretValues {
  readonly secret: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly references: readonly (ValuesReference & { readonly targetPath: string })[];
}

/** The secret values that the flags stand for; throws CliError Usage where nothing may be written, Unreadable. */
export async function secretValuesOf(
  release: string,
  flags: SecretValuesFlags,
  isDryRun: boolean,
): Promise<SecretValues> {
  const given = flags['set-secret'].map((assignment) => pathAndValue('set-secret', assignment));
  for (const assignment of flags['set-secret-file']) {
    const { path, value: file } = pathAndValue('set-secret-file', assignment);
    given.push({ path, value: await textOfFile(file) });
  }
  if (given.length > 0 && isDryRun)
    throw new CliError(
      'Usage',
      '--dry-run writes nothing, and --set-secret has to write a Secret: leave one of them out',
    );
  const secret = secretOf(release);
  const byPath = new Map(given.map(({ path, value }) => [path, value]));
  return {
    secret,
    texts: Object.fromEntries([...byPath].map(([path, value]) => [keyOf(path), value])),
    references: [...byPath.keys()].map((path) => ({
      kind: 'Secret',
      name: secret,
      key: keyOf(path),
      targetPath: path,
    })),
  };
}

/** The Secret that has the secret values of a Release, as far as the command has written them. */
export function secretOf(release: string): string {
  return `${release}-release-values`;
}

/** A key of a Secret that stands for a path, and for no other. */
function keyOf(path: string): string {
  const readable = path.replaceAll(/[^-._a-zA-Z0-9]/g, '_').slice(0, 200);
  if (readable === path) return path;
  return `${readable}-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
}

/** Throws CliError Usage if a value in plain text has the path of a secret one, and would override it. */
export async function refuseReplacedSecrets(values: JsonObject, { references }: SecretValues): Promise<void> {
  if (references.length === 0) return;
  const { setPath } = await import('../../../chart-renderer/index.ts');
  for (const { targetPath } of references) {
    if (!isCovered(setPath({}, targetPath, ''), values)) continue;
    throw new CliError('Usage', `${targetPath} is also set openly, which would override the secret one`, {
      next: 'Leave it out of --set and -f; with upgrade, --reset-values drops what the Release has.',
    });
  }
}

/** Maps are merged; whatever else stands at the path, or on the way there, overrides what is below. */
function isCovered(path: unknown, values: unknown): boolean {
  if (values === undefined) return false;
  if (!isMap(path) || !isMap(values)) return true;
  return Object.entries(path).some(([key, below]) => isCovered(below, values[key]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Keeps the texts in the Secret, beside what it has already. Nobody owns it: a Release that is deleted without its objects or its history,
 * and created again, has to find it. Throws KubeError.
 */
export async function writeSecretValues(
  { client, namespace }: Cluster,
  { secret, texts }: SecretValues,
): Promise<void> {
  if (Object.keys(texts).length === 0) return;
  const { isKubeError } = await import('../../../kube/index.ts');
  const options = { fieldManager: 'kubectl-release' };
  try {
    await client.patchMerge(SECRETS, namespace, secret, { stringData: texts }, options);
  } catch (error) {
    if (!isKubeError(error, 'NotFound')) throw error;
    const head = { apiVersion: 'v1', kind: 'Secret', metadata: { name: secret, namespace } };
    await client.create(SECRETS, { ...head, type: 'Opaque', stringData: texts }, options);
  }
}
