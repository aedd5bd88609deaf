import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { SystemPrograms } from '../machine/system-programs.ts';
import { IMAGE_REGISTRY, NODE_ADDRESS, NODE_NAME, POD_RANGE } from './addresses.ts';

/** What the node's programs are told: the run directory and the cgroup of the run, the cluster's kubeconfig, and the registry. */
export type NodeSettings = {
  readonly directory: string;
  readonly group: string;
  readonly kubeconfig: string;
  /** `127.0.0.1:PORT`. */
  readonly registry: string;
  readonly programs: SystemPrograms;
};

/** Where containerd listens: it keeps a folder of its own there whatever it is told. */
export const CONTAINERD_SOCKET = '/run/containerd/containerd.sock';

/** Writes the configuration of containerd, of its network, of kubelet, of kube-proxy and of the DNS into the run directory. */
export async function writeNodeConfiguration(settings: NodeSettings): Promise<void> {
  const { directory, kubeconfig, registry, programs } = settings;
  const files: Record<string, string> = {
    'containerd.toml': containerd(settings),
    'kubelet.yaml': JSON.stringify(kubelet(settings)),
    'kube-proxy.yaml': JSON.stringify(kubeProxy(kubeconfig)),
    Corefile: corefile(kubeconfig),
    'cni/10-coxswain.conflist': JSON.stringify(network(directory)),
    [`certs.d/${IMAGE_REGISTRY}/hosts.toml`]: `server = "http://${registry}"
[host."http://${registry}"]
  capabilities = ["pull", "resolve"]
`,
    'resolv-pods.conf': `nameserver ${NODE_ADDRESS}\n`,
    'bin/nft': `#!/bin/sh
LD_LIBRARY_PATH='${programs.libraries}' exec '${programs.nft}' "$@"
`,
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content, { mode: name.startsWith('bin/') ? 0o755 : 0o600 });
  }
}

function containerd({ directory, programs }: NodeSettings): string {
  return `version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.nri.v1.nri", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]
[grpc]
  address = "${CONTAINERD_SOCKET}"
[plugins."io.containerd.cri.v1.images"]
  use_local_image_pull = true
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = "${IMAGE_REGISTRY}/pause:1"
  [plugins."io.containerd.cri.v1.images".registry]
    config_path = "${directory}/certs.d"
[plugins."io.containerd.cri.v1.runtime"]
  disable_apparmor = true
  # Where root lacks CAP_SYS_RESOURCE, no container could be started otherwise.
  restrict_oom_score_adj = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["${programs.plugins}"]
    conf_dir = "${directory}/cni"
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
      BinaryName = "${programs.runc}"
      SystemdCgroup = false
`;
}

/** Anyone may ask this kubelet anything: only what is in the namespace reaches it. */
function kubelet({ directory, group }: NodeSettings): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: NODE_ADDRESS,
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    readOnlyPort: 0,
    healthzBindAddress: '127.0.0.1',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${group}`,
    failCgroupV1: false,
    enforceNodeAllocatable: ['pods'],
    failSwapOn: false,
    localStorageCapacityIsolation: false,
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    resolvConf: join(directory, 'resolv-pods.conf'),
    clusterDNS: [NODE_ADDRESS],
    clusterDomain: 'cluster.local',
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '100Mi' },
    makeIPTablesUtilChains: false,
    nodeStatusUpdateFrequency: '5s',
    syncFrequency: '10s',
    serializeImagePulls: false,
    // A story of a crash need not last the five minutes of the default.
    crashLoopBackOff: { maxContainerRestartPeriod: '10s' },
    // For that, before Kubernetes 1.35.
    featureGates: { KubeletCrashLoopBackOffMax: true },
    maxPods: 100,
    volumePluginDir: '/var/lib/kubelet/volumeplugins',
  };
}

function kubeProxy(kubeconfig: string): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    clientConnection: { kubeconfig },
    clusterCIDR: POD_RANGE,
    hostnameOverride: NODE_NAME,
    bindAddress: NODE_ADDRESS,
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
}

function network(directory: string): object {
  const ranges = [[{ subnet: POD_RANGE }]];
  const routes = [{ dst: '0.0.0.0/0' }];
  const ipam = { type: 'host-local', dataDir: join(directory, 'cni-addresses'), ranges, routes };
  return {
    cniVersion: '1.0.0',
    name: 'coxswain',
    plugins: [{ type: 'bridge', bridge: 'cni0', isGateway: true, hairpinMode: true, ipam }],
  };
}

function corefile(kubeconfig: string): string {
  return `cluster.local:53 in-addr.arpa:53 {
  bind ${NODE_ADDRESS}
  errors
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${kubeconfig}
    pods insecure
  }
}
.:53 {
  bind ${NODE_ADDRESS}
  template ANY ANY {
    rcode NXDOMAIN
  }
}
`;
}
