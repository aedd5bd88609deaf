import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import { helmOn } from '../../../support/cluster/helm.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

const coxswain = story();

const SECRETS = `{{- $ca := genCA "ca" 365 }}
{{- $cert := genSignedCert "web" nil (list "web") 365 $ca }}
apiVersion: v1
kind: Secret
metadata: {name: tls}
data: {ca.crt: {{ b64enc $ca.Cert }}, tls.crt: {{ b64enc $cert.Cert }}, tls.key: {{ b64enc $cert.Key }}}
---
apiVersion: v1
kind: Secret
metadata: {name: login}
{{- $password := randAlphaNum 16 }}
stringData: {password: {{ $password | quote }}, user: {{ .Values.user }}, hash: {{ sha256sum $password }}}
`;
const WORKLOAD = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
      annotations: {note: same}
    spec: {containers: [{name: web, image: example.com/web:1}]}
`;
const PARTS = { name: 'drawn', values: 'user: one\n', templates: { 'secrets.yaml': SECRETS, 'web.yaml': WORKLOAD } };

async function drawn({ kubectl }: Tenant): Promise<unknown> {
  const { items } = await kubectl.json<{ items: KubeObject[] }>('get', 'secret', 'tls', 'login');
  return items.map(({ data }) => data);
}

test.each(['v3', 'v4'] as const)(
  'random values that Helm %s generated are kept, also by later versions, and no pod is restarted',
  async (version) => {
    const tenant = await coxswain.tenant();
    const helm = helmOn(coxswain, version);
    await helm(tenant, 'install', 'web', await coxswain.file('drawn-1.0.0.tgz', buildChart(PARTS)));
    const before = await drawn(tenant);
    const template = await tenant.kubectl('get', 'deployment', 'web', '--output=jsonpath={.spec.template}');

    const web = await tenant.apply('web', await coxswain.push(PARTS), { adopt: 'HelmRelease' });
    await web.inForce(1);
    expect(await drawn(tenant)).toEqual(before);
    expect(await tenant.kubectl('get', 'deployment', 'web', '--output=jsonpath={.spec.template}')).toBe(template);

    await web.patch({ adopt: 'Never', values: { user: 'two' } });
    await web.inForce(2);
    const [tls, login] = (await drawn(tenant)) as Record<string, string>[];
    expect([tls, { ...login, user: btoa('one') }]).toEqual(before);
    expect(login).toMatchObject({ user: btoa('two') });
  },
);
