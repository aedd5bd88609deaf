import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { ControlPlaneError } from '../errors.ts';

/** Minor versions that can be run instead of the one of `test/control-plane`: of each there is a Go module `test/kubernetes-MINOR`. */
const OTHER_MINORS = ['1.34'] as const;

type KubernetesModule = `kubernetes-${(typeof OTHER_MINORS)[number]}`;
type ModuleName =
  | 'control-plane'
  | 'registry'
  | 'crane'
  | 'helm'
  | 'helm4'
  | 'kubelet'
  | 'containerd'
  | 'cluster-dns'
  | 'pods'
  | 'oidc'
  | 'otel'
  | KubernetesModule;
type Tool = { readonly module: ModuleName; readonly package: string; readonly lookup: 'path' | 'assets' };

const built = (module: ModuleName, path: string, lookup: Tool['lookup']): Tool => ({ module, package: path, lookup });

const REGISTRY = 'github.com/distribution/distribution/v3';
const CONTAINERD = 'github.com/containerd/containerd/v2';

const TOOLS = {
  etcd: built('control-plane', 'go.etcd.io/etcd/server/v3', 'path'),
  'kube-apiserver': built('control-plane', 'k8s.io/kubernetes/cmd/kube-apiserver', 'path'),
  'kube-controller-manager': built('control-plane', 'k8s.io/kubernetes/cmd/kube-controller-manager', 'path'),
  'kube-scheduler': built('control-plane', 'k8s.io/kubernetes/cmd/kube-scheduler', 'path'),
  kubectl: built('control-plane', 'k8s.io/kubernetes/cmd/kubectl', 'path'),
  kwok: built('control-plane', 'sigs.k8s.io/kwok/cmd/kwok', 'path'),
  registry: built('registry', `${REGISTRY}/cmd/registry`, 'assets'),
  crane: built('crane', 'github.com/google/go-containerregistry/cmd/crane', 'assets'),
  'referrers-registry': built('crane', 'coxswain/test/crane/referrers-registry', 'assets'),
  helm: built('helm', 'helm.sh/helm/v3/cmd/helm', 'assets'),
  helm4: built('helm4', 'helm.sh/helm/v4/cmd/helm', 'assets'),
  'oidc-provider': built('oidc', 'coxswain/test/oidc/oidc-provider', 'assets'),
  'otlp-receiver': built('otel', 'coxswain/test/otel/otlp-receiver', 'assets'),
} as const satisfies Record<string, Tool>;

const NODE_TOOLS = {
  kubelet: built('kubelet', 'k8s.io/kubernetes/cmd/kubelet', 'assets'),
  'kube-proxy': built('kubelet', 'k8s.io/kubernetes/cmd/kube-proxy', 'assets'),
  containerd: built('containerd', `${CONTAINERD}/cmd/containerd`, 'assets'),
  'containerd-shim-runc-v2': built('containerd', `${CONTAINERD}/cmd/containerd-shim-runc-v2`, 'assets'),
  'cluster-dns': built('cluster-dns', 'coxswain/test/cluster-dns', 'assets'),
  pause: built('pods', 'coxswain/test/pods/pause', 'assets'),
  web: built('pods', 'coxswain/test/pods/web', 'assets'),
  database: built('pods', 'coxswain/test/pods/database', 'assets'),
} as const satisfies Record<string, Tool>;

type NodeBinaryName = keyof typeof NODE_TOOLS;

/** The programs this folder can find or build. */
export type BinaryName = keyof typeof TOOLS | NodeBinaryName;

/** Every program that a control plane and the tests on it need. */
export const BINARY_NAMES = Object.keys(TOOLS) as readonly (keyof typeof TOOLS)[];

/** Every program that a real node needs besides, and those that its pods run. */
export const NODE_BINARY_NAMES = Object.keys(NODE_TOOLS) as readonly NodeBinaryName[];

/** A Go module of this repository: its folder, its flags for `go build`, and the hash its build results are cached under. */
export type GoModule = { name: string; directory: string; flags: readonly string[]; key: string };

/**
 * Returns where the named program comes from; a lookup of `assets` means that a program of that name in PATH is not used. `$KUBERNETES` picks
 * the minor version of Kubernetes' own programs; throws where that is none that can be had.
 */
export function toolOf(name: BinaryName): Tool {
  const tool: Tool = { ...TOOLS, ...NODE_TOOLS }[name];
  const module = otherKubernetes(process.env['KUBERNETES']);
  const isOther = module !== undefined && tool.package.startsWith('k8s.io/kubernetes/');
  return isOther ? built(module, tool.package, 'assets') : tool;
}

function otherKubernetes(minor: string | undefined): KubernetesModule | undefined {
  if (minor === undefined || minor === '') return undefined;
  const known = OTHER_MINORS.find((candidate) => candidate === minor);
  if (known !== undefined) return `kubernetes-${known}`;
  throw new ControlPlaneError(
    'VersionUnknown',
    `KUBERNETES=${minor} is not known here; it can be ${OTHER_MINORS.join(' or ')}, or be left out`,
  );
}

/**
 * Reads a module's go.mod and go.sum and returns what to build it with; the key changes when those, the flags, or the sources of programs of
 * our own do.
 */
export async function readGoModule(name: ModuleName): Promise<GoModule> {
  const directory = join(import.meta.dirname, '..', '..', name);
  const goMod = await readFile(join(directory, 'go.mod'), 'utf8');
  const goSum = await readFile(join(directory, 'go.sum'), 'utf8');
  const flags = [
    '-mod=readonly',
    '-buildvcs=false',
    '-trimpath',
    ...(name === 'containerd' ? ['-tags=no_btrfs,no_zfs,no_devmapper'] : []),
    `-ldflags=${['-s -w', ...stampsFor(name, goMod)].join(' ')}`,
  ];
  const hash = createHash('sha256').update(
    [process.platform, process.arch, ...flags, goMod, goSum, ...(await ownSources(name, directory))].join('\0'),
  );
  return { name, directory, flags, key: hash.digest('hex').slice(0, 16) };
}

async function ownSources(name: ModuleName, directory: string): Promise<string[]> {
  const isOwn = Object.values<Tool>({ ...TOOLS, ...NODE_TOOLS }).some((tool) =>
    tool.package.startsWith(`coxswain/test/${name}`),
  );
  if (!isOwn) return [];
  const files = (await readdir(directory, { recursive: true })).filter((file) => file.endsWith('.go')).toSorted();
  return Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
}

function stampsFor(name: ModuleName, goMod: string): string[] {
  switch (name) {
    case 'control-plane':
    case 'kubelet':
    case 'kubernetes-1.34':
      return kubernetesStamps(goMod);
    case 'registry':
      return [stamp(`${REGISTRY}/version.version`, versionIn(goMod, REGISTRY))];
    case 'crane':
    case 'cluster-dns':
    case 'pods':
    case 'oidc':
    case 'otel':
      return [];
    case 'containerd':
      return [stamp(`${CONTAINERD}/version.Version`, versionIn(goMod, CONTAINERD))];
    case 'helm':
      return helmStamps(goMod);
    case 'helm4':
      return [stamp('helm.sh/helm/v4/internal/version.version', versionIn(goMod, 'helm.sh/helm/v4'))];
  }
}

/** Without these the API server reports v0.0.0-master, and a chart's kubeVersion constraint never holds. */
function kubernetesStamps(goMod: string): string[] {
  const version = versionIn(goMod, 'k8s.io/kubernetes');
  const [major = '', minor = ''] = version.slice(1).split('.');
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) => [
    stamp(`${path}.gitVersion`, version),
    stamp(`${path}.gitMajor`, major),
    stamp(`${path}.gitMinor`, minor),
    stamp(`${path}.gitCommit`, version),
    stamp(`${path}.gitTreeState`, 'clean'),
  ]);
}

/** As Helm's own Makefile does: the default cluster version of `helm template` is the one of its client library. */
function helmStamps(goMod: string): string[] {
  const [, minor = ''] = versionIn(goMod, 'k8s.io/client-go').split('.');
  return [
    stamp('helm.sh/helm/v3/internal/version.version', versionIn(goMod, 'helm.sh/helm/v3')),
    ...['lint/rules', 'chartutil'].flatMap((path) => [
      stamp(`helm.sh/helm/v3/pkg/${path}.k8sVersionMajor`, '1'),
      stamp(`helm.sh/helm/v3/pkg/${path}.k8sVersionMinor`, minor),
    ]),
  ];
}

function versionIn(goMod: string, path: string): string {
  const line = goMod.split('\n').find((candidate) => candidate.trim().startsWith(`${path} v`));
  if (line === undefined) throw new Error(`go.mod has no version of ${path}`);
  return line.trim().split(' ')[1] ?? '';
}

function stamp(variable: string, value: string): string {
  return `-X ${variable}=${value}`;
}
