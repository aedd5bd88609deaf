import { join } from 'node:path';

import type { ComponentSpec } from './supervision.ts';
import { AUTHENTICATION, listenAddress } from './run-directory.ts';
import type { Place, Ports } from './run-directory.ts';

/** The programs that make up a running control plane. */
export type ComponentName =
  'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kwok' | 'registry';

/** The same, as a list. */
export const COMPONENT_NAMES: readonly ComponentName[] = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'registry',
];

/** Returns how to run a component whose files, as `writeConfiguration` names them, are in `directory`. */
export function componentSpec(name: ComponentName, path: string, directory: string, place: Place): ComponentSpec {
  const env = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
  return { name, path, args: argumentsOf(name, directory, place), env, log: logFile(directory, name) };
}

/** Returns the file that holds a component's output. */
export function logFile(directory: string, component: string): string {
  return join(directory, 'logs', `${component}.log`);
}

function argumentsOf(name: ComponentName, directory: string, place: Place): string[] {
  const { ports } = place;
  switch (name) {
    case 'etcd':
      return etcdArguments(directory, ports);
    case 'kube-apiserver':
      return apiserverArguments(directory, place);
    case 'kube-controller-manager':
      return controllerManagerArguments(directory);
    case 'kube-scheduler':
      return schedulerArguments(directory);
    case 'kwok':
      return ['--config', join(directory, 'kwok.yaml'), '--kubeconfig', join(directory, 'kwok.kubeconfig')];
    case 'registry':
      return ['serve', join(directory, 'registry.json')];
  }
}

function etcdArguments(directory: string, ports: Ports): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    '--name=coxswain',
    `--data-dir=${join(directory, 'etcd')}`,
    // Stories about memory store more than the 2 GiB of the default.
    '--quota-backend-bytes=8589934592',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=coxswain=${peer}`,
    '--log-level=warn',
    // The data lives no longer than the process.
    '--unsafe-no-fsync',
  ];
}

function apiserverArguments(directory: string, { ports, address, authentication }: Place): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    `--bind-address=${listenAddress(address)}`,
    `--advertise-address=${address}`,
    `--secure-port=${ports.apiserver}`,
    `--cert-dir=${join(directory, 'certificates')}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${join(directory, 'service-account.pub')}`,
    `--service-account-signing-key-file=${join(directory, 'service-account.key')}`,
    '--authorization-mode=RBAC',
    `--token-auth-file=${join(directory, 'tokens.csv')}`,
    `--audit-policy-file=${join(directory, 'audit-policy.json')}`,
    `--audit-log-path=${join(directory, 'audit.log')}`,
    // One file for the whole run, in megabytes: a test reads it from the start.
    '--audit-log-maxsize=100000',
    // It would taint a new node for as long as the controller manager takes to see that it is Ready.
    '--disable-admission-plugins=TaintNodesByCondition',
    '--allow-privileged=true',
    // Of a real node; its name is known to no resolver.
    '--kubelet-preferred-address-types=InternalIP',
    '--profiling=false',
    ...(authentication === undefined ? [] : [`--authentication-config=${join(directory, AUTHENTICATION)}`]),
  ];
}

function controllerManagerArguments(directory: string): string[] {
  const concurrent = [
    'deployment',
    'replicaset',
    'statefulset',
    'job',
    'namespace',
    'serviceaccount-token',
    'endpoint',
  ];
  return [
    `--kubeconfig=${join(directory, 'kube-controller-manager.kubeconfig')}`,
    `--service-account-private-key-file=${join(directory, 'service-account.key')}`,
    `--root-ca-file=${join(directory, 'certificates', 'apiserver.crt')}`,
    '--use-service-account-credentials=true',
    '--leader-elect=false',
    '--secure-port=0',
    '--kube-api-qps=1000',
    '--kube-api-burst=2000',
    ...concurrent.map((controller) => `--concurrent-${controller}-syncs=20`),
    // kwok's nodes send no heartbeats.
    '--node-monitor-grace-period=240h',
    '--profiling=false',
  ];
}

function schedulerArguments(directory: string): string[] {
  return [
    `--kubeconfig=${join(directory, 'kube-scheduler.kubeconfig')}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--kube-api-qps=1000',
    '--kube-api-burst=2000',
    '--profiling=false',
  ];
}
