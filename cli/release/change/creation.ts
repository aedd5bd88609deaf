import { GROUP_VERSION } from '../../../crds/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { CHART_OPTIONS } from '../../chart-reference.ts';
import { NAMESPACES, RELEASES, releaseOf } from '../../cluster.ts';
import type { Cluster } from '../../cluster.ts';
import type { ExitCode } from '../../command.ts';
import { HELM_VERSION_OPTION } from '../../helm-version.ts';
import { OUTPUT_OPTION, printAs } from '../../output.ts';
import type { Terminal } from '../../terminal.ts';
import { showPreview } from '../diff/show-preview.ts';
import { VALUES_OPTIONS, VALUES_USAGE } from '../values.ts';
import { WAIT_OPTIONS, type PatienceFlags } from '../wait.ts';
import { newSpec, announceFollowing, type NewReleaseFlags } from './new-spec.ts';
import { SECRET_VALUES_OPTIONS, SECRET_VALUES_USAGE, writeSecretValues } from './secret-values.ts';
import type { SecretValues } from './secret-values.ts';
import { waitAndShow } from './wait-and-show.ts';

/** The options of whatever creates a release, besides those of the cluster, for `readArguments`. */
export const CREATION_OPTIONS = {
  ...OUTPUT_OPTION,
  ...VALUES_OPTIONS,
  ...SECRET_VALUES_OPTIONS,
  ...HELM_VERSION_OPTION,
  ...WAIT_OPTIONS,
  ...CHART_OPTIONS,
  'service-account': { type: 'string' },
  secret: { type: 'string' },
} as const;

/** The part of usages about values, and whom the release acts as. */
export const CREATION_USAGE = `${VALUES_USAGE}
${SECRET_VALUES_USAGE}
  --helm-version VERSION   v3: read charts and values as Helm 3 does; default: as Helm 4
  --service-account NAME   the service account that it acts as; default: default
  --secret NAME            a Secret with the registry's credentials, such as one of type kubernetes.io/dockerconfigjson`;

/** The options of install and upgrade, besides those of the cluster, for `readArguments`. */
export const CHANGE_OPTIONS = {
  ...CREATION_OPTIONS,
  'create-namespace': { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
} as const;

/** The part of their usages about these. */
export const CHANGE_USAGE = `  --repo URL               a classic chart repository
${CREATION_USAGE}
  --create-namespace       create the namespace if there is none; its service account needs rights there
  --dry-run                change nothing: show what it would do; exits 3 if there are differences, and 1 if it would be refused
  -o, --output FORMAT      yaml, json or name
  --wait                   wait until the release is ready: --timeout DURATION, default 5m; --red-timeout DURATION, default 1m
  -n, --namespace, --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

/** What a user chose, as far as a new Release depends on it. */
export interface CreationFlags extends NewReleaseFlags, PatienceFlags {
  readonly 'create-namespace': boolean;
  readonly 'dry-run': boolean;
  readonly output?: string | undefined;
  readonly wait?: boolean | undefined;
}

/** Which Release is created. */
export interface NewRelease {
  readonly name: string;
  readonly chart: string;
  readonly secrets: SecretValues;
}

const MANAGER = { fieldManager: 'kubectl-release' };

/** Creates a Release, or shows what that would do. Throws CliError, KubeError, and what reading charts and values throws. */
export async function createRelease(
  cluster: Cluster,
  { name, chart, secrets }: NewRelease,
  flags: CreationFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { client, namespace } = cluster;
  const spec = await newSpec(chart, flags, secrets);
  if (flags['dry-run']) return showPreview(cluster, { release: name, template: { spec } }, flags, terminal);
  if (flags['create-namespace']) await createNamespace(cluster, terminal);
  if (flags.output === undefined) announceFollowing(name, spec.chart, terminal);
  await writeSecretValues(cluster, secrets);
  const desired: KubeObject = { apiVersion: GROUP_VERSION, kind: 'Release', metadata: { name, namespace }, spec };
  const created = releaseOf(await client.create(RELEASES, desired, MANAGER));
  if (flags.output !== undefined) await printAs(flags.output, created, terminal);
  else terminal.out(`release.coxswain.dev/${name} created`);
  return flags.wait === true ? waitAndShow(cluster, created, flags, terminal) : 0;
}

async function createNamespace({ client, namespace: name }: Cluster, terminal: Terminal): Promise<void> {
  const { isKubeError } = await import('../../../kube/index.ts');
  try {
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, MANAGER);
  } catch (error) {
    if (isKubeError(error, 'AlreadyExists')) return;
    throw error;
  }
  terminal.err(`namespace/${name} created; give the service account of the release the rights that its chart needs:`);
  terminal.err(`  kubectl create rolebinding coxswain -n ${name} --clusterrole=edit --serviceaccount=${name}:default`);
}
