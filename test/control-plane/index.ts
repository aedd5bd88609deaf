// A real cluster for development, tests and benchmarks: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok in
// the kubelets' place, and an OCI registry. It finds or builds the programs, starts them and leaves nothing behind. It knows
// nothing of Coxswain: it applies no resource definition and starts no controller of ours.
export { BINARY_NAMES } from './binaries/tools.ts';
export { ensureBinaries } from './binaries/binaries.ts';
export { startControlPlane } from './start.ts';
export type { ControlPlane, StartOptions } from './start.ts';
export { findFreePort } from './processes/ports.ts';
