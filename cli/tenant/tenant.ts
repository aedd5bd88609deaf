import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { ApiResource } from '../../kube/index.ts';
import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { withCluster } from '../cluster.ts';
import type { Cluster } from '../cluster.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { CliError, reasonOf } from '../errors.ts';
import { OUTPUT_OPTION, printAs } from '../output.ts';
import { printable } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { tenantIn, type TenantFile } from './tenant-file.ts';
import { objectsOfTenant, type TenantObject } from './tenant-objects.ts';

/** `kubectl release tenant`. */
export const usage = `Usage: kubectl release tenant init -f FILE [-o yaml|json|name]

Creates what a tenant needs, or brings it up to date, from a short file ("-" for standard input): a namespace for each stage, the service
account that its releases act as, what that account and people may do there, a quota, and what the namespace is held to. With -o it only
prints the objects.

  name: shop
  stages: [dev, prod]         namespaces shop-dev and shop-prod; without it one, shop
  serviceAccount: deployer    default: default
  role: edit                  a ClusterRole for that account, which is the default; or rules: of a Role of its own
  editors: [ada, group:shop]  may change releases; viewers: may see them
  quota: {requests.cpu: "4", requests.memory: 8Gi}
  releases: 50                at most this many in each namespace
  policy:
    podSecurity: restricted   or baseline: what pods may do, by Kubernetes' own check
    approval: required        every release waits for the approval of each change; needs deploy/approvers.yaml
    network: isolated         pods take connections from their own namespace only, unless another NetworkPolicy allows more

  --context, --kubeconfig, --as, --as-group: as in every kubectl command`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  ...OUTPUT_OPTION,
  filename: { type: 'string', short: 'f' },
} as const;

/** Applies or prints what a tenant needs. */
export const run: Command = async (args, terminal) => {
  const { values: flags, positionals } = readArguments(args, options);
  const [action = ''] = positionalsOf(positionals, 1, ['init']);
  if (action !== 'init') throw new CliError('Usage', `"tenant ${action}" is not a command; it is tenant init`);
  if (flags.filename === undefined) throw new CliError('Usage', '-f FILE missing');
  const tenant = await readTenant(flags.filename);
  const objects = objectsOfTenant(tenant);
  if (flags.output !== undefined) {
    await printAs(flags.output, objects, terminal);
    return 0;
  }
  return withCluster(flags, async (cluster) => {
    for (const object of objects) await apply(cluster, object, terminal);
    tellNext(tenant, objects, terminal);
    return 0;
  });
};

async function readTenant(path: string): Promise<TenantFile> {
  const { readYaml } = await import('../../golang/yaml/index.ts');
  try {
    return tenantIn(readYaml(path === '-' ? await text(process.stdin) : await readFile(path, 'utf8')));
  } catch (cause) {
    throw new CliError('Unreadable', `the tenant in ${path} cannot be used: ${reasonOf(cause)}`, { cause });
  }
}

const PLURALS: Readonly<Record<TenantObject['kind'], string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  ResourceQuota: 'resourcequotas',
  NetworkPolicy: 'networkpolicies',
};

async function apply({ client }: Cluster, object: TenantObject, terminal: Terminal): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  const namespaced = kind !== 'Namespace';
  const resource: ApiResource = { group, version, kind, plural: PLURALS[kind], namespaced, verbs: [] };
  await client.apply(resource, { ...object }, { fieldManager: 'kubectl-release', force: false });
  const where = metadata.namespace === undefined ? '' : ` in ${metadata.namespace}`;
  terminal.out(printable(`${kind.toLowerCase()}/${metadata.name} applied${where}`));
}

function tellNext({ serviceAccount }: TenantFile, objects: readonly TenantObject[], terminal: Terminal): void {
  const namespace = objects[0]?.metadata.name ?? '';
  const account = serviceAccount === 'default' ? '' : ` --service-account ${serviceAccount}`;
  terminal.err(`Now releases can be made there: kubectl release install NAME CHART -n ${namespace}${account}`);
}
