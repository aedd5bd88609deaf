import { inNamespace, type Kubectl } from '../cluster/kubectl.ts';
import { eventually } from '../eventually.ts';

/** Makes a namespace with a Release `app`, whose Releases groups may read; resolves once they may. */
export async function readableNamespace(kubectl: Kubectl, namespace: string, groups: readonly string[]): Promise<void> {
  await kubectl('create', 'namespace', namespace);
  const inIt = inNamespace(kubectl, namespace);
  await inIt('create', 'role', 'reads', '--verb=get,list,watch', '--resource=releases.coxswain.dev');
  await inIt('create', 'rolebinding', 'read', '--role=reads', ...groups.map((group) => `--group=${group}`));
  await kubectl.apply({
    apiVersion: 'coxswain.dev/v1alpha1',
    kind: 'Release',
    metadata: { name: 'app', namespace },
    spec: { chart: { registry: 'oci://registry.example', name: 'app', version: '1.0.0' } },
  });
  const mayList = [
    'auth',
    'can-i',
    'list',
    'releases.coxswain.dev',
    '--as=x',
    ...groups.map((group) => `--as-group=${group}`),
  ];
  await eventually(
    async () => inIt.attempt(mayList),
    ({ code }) => code === 0,
  );
}
