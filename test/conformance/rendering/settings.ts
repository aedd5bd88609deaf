import type { ReleaseInfo } from '../../../chart-renderer/environment/release.ts';

/** The release and the cluster that a chart is rendered for. */
export interface Setting {
  readonly name: string;
  readonly release: ReleaseInfo;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

/** What most clusters serve. */
const BUILT_IN = [
  'v1',
  'admissionregistration.k8s.io/v1',
  'apiextensions.k8s.io/v1',
  'apiregistration.k8s.io/v1',
  'apps/v1',
  'apps/v1/Deployment',
  'authentication.k8s.io/v1',
  'authorization.k8s.io/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'batch/v1',
  'batch/v1/CronJob',
  'certificates.k8s.io/v1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
  'events.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1',
  'networking.k8s.io/v1',
  'networking.k8s.io/v1/Ingress',
  'networking.k8s.io/v1/NetworkPolicy',
  'node.k8s.io/v1',
  'policy/v1',
  'policy/v1/PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'storage.k8s.io/v1',
];

/** What operators that charts ask for bring along, and what old clusters served. */
const ADDED = [
  'monitoring.coreos.com/v1',
  'monitoring.coreos.com/v1/ServiceMonitor',
  'monitoring.coreos.com/v1/PrometheusRule',
  'cert-manager.io/v1',
  'cert-manager.io/v1/Certificate',
  'gateway.networking.k8s.io/v1',
  'gateway.networking.k8s.io/v1/HTTPRoute',
  'security.openshift.io/v1',
  'route.openshift.io/v1',
  'traefik.io/v1alpha1',
  'autoscaling.k8s.io/v1',
  'keda.sh/v1alpha1',
  'policy/v1beta1',
  'policy/v1beta1/PodDisruptionBudget',
  'batch/v1beta1',
  'batch/v1beta1/CronJob',
  'extensions/v1beta1',
  'extensions/v1beta1/Ingress',
  'networking.k8s.io/v1beta1',
  'networking.k8s.io/v1beta1/Ingress',
];

/** A first installation in a plain cluster. */
export const INSTALLATION: Setting = {
  name: 'installation',
  release: install('release-name', 'default'),
  kubeVersion: 'v1.34.2',
  apiVersions: BUILT_IN,
};

/** An upgrade in a vendor's cluster with many operators, and one in a cluster that serves hardly anything for a very long name. */
export const OTHER_SETTINGS: readonly Setting[] = [
  {
    name: 'upgrade',
    release: { name: 'x', namespace: 'team-a', revision: 7, isInstall: false, isUpgrade: true, service: 'Helm' },
    kubeVersion: 'v1.29.3-gke.100',
    apiVersions: [...BUILT_IN, ...ADDED],
  },
  {
    name: 'bare cluster',
    release: install('release-'.padEnd(53, 'x'), 'kube-system'),
    kubeVersion: 'v1.21.0',
    apiVersions: ['v1', 'apps/v1', 'batch/v1'],
  },
];

function install(name: string, namespace: string): ReleaseInfo {
  return { name, namespace, revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' };
}
