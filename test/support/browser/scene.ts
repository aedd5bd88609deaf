import { pushParts, releaseOf, viewRelease, type Installation } from '../cluster/installation.ts';
import type { Kubectl } from '../cluster/kubectl.ts';
import { webChart } from '../charts/web-chart.ts';
import { HOSTILE_CHART } from './hostile-chart.ts';

/** The namespaces of a scene. */
export const PLACES = { dev: 'orchard-dev', prod: 'orchard-prod', other: 'harbour' } as const;

const NOTES = 'Open {{ .Release.Name }} at http://{{ .Release.Name }}.{{ .Release.Namespace }}:80\n';
const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}-login}
stringData: {password: {{ .Values.password | quote }}}
`;

/** A password that `shop` gets from a Secret, and must be on no page. */
export const PASSWORD = 'correct-horse-battery';

function shopChart(version: string) {
  const web = webChart(version);
  return {
    ...web,
    name: 'shop',
    metadata: 'appVersion: "7.2"\ndescription: The shop of an orchard\nhome: https://orchard.example/shop\n',
    values: `${web.values}password: ""\n`,
    schema: SCHEMA,
    templates: { ...web.templates, 'secret.yaml': SECRET, 'NOTES.txt': NOTES },
    files: { 'README.md': '# Shop\n\nSells what the orchard bears.\n' },
  };
}

const SCHEMA = {
  type: 'object',
  properties: {
    replicas: { type: 'integer', minimum: 0, maximum: 10, description: 'How many pods serve the shop' },
    tag: { type: 'string', description: 'The tag of the image' },
    greeting: { type: 'string', title: 'Greeting', description: 'What visitors read first' },
    extra: { type: 'string' },
    password: { type: 'string' },
  },
};

/**
 * What the pages are looked at with: a tenant with two environments, in which `shop` is Green in its third version, `broken` never comes up,
 * and `gate` waits for approval, and another tenant, whose chart is hostile.
 */
export async function setScene(installation: Pick<Installation, 'kubectl' | 'controlPlane'>): Promise<void> {
  const { kubectl } = installation;
  for (const namespace of Object.values(PLACES)) await createPlace(kubectl, namespace);
  await kubectl(
    'create',
    'secret',
    'generic',
    'login',
    '--namespace',
    PLACES.dev,
    `--from-literal=password=${PASSWORD}`,
  );
  await kubectl('create', 'quota', 'limits', '--namespace', PLACES.dev, '--hard=pods=20,requests.cpu=16');
  const [first, second] = [
    await pushParts(installation, shopChart('1.0.0')),
    await pushParts(installation, shopChart('1.1.0')),
  ];
  const hostile = await pushParts(installation, HOSTILE_CHART);
  await kubectl.apply(
    releaseOf(PLACES.dev, 'shop', first, {
      valuesFrom: [{ kind: 'Secret', name: 'login', key: 'password', targetPath: 'password' }],
      values: { replicas: 1 },
    }),
    releaseOf(PLACES.dev, 'broken', first, { values: { tag: 'broken', replicas: 2 } }),
    releaseOf(PLACES.prod, 'shop', first, { values: { replicas: 2 } }),
    releaseOf(PLACES.prod, 'gate', first, { approval: 'Manual' }),
    releaseOf(PLACES.other, 'trap', hostile),
  );
  const shop = viewRelease(kubectl, PLACES.dev, 'shop');
  await shop.inForce(1);
  await shop.patch({ chart: { version: second.version } });
  await shop.inForce(2);
  await shop.patch({ values: { replicas: 2, greeting: 'welcome' } });
  await shop.inForce(3);
  await viewRelease(kubectl, PLACES.prod, 'shop').ready();
  await viewRelease(kubectl, PLACES.other, 'trap').until(({ status }) => status?.version === 1);
  await viewRelease(kubectl, PLACES.prod, 'gate').until(({ status }) => status?.plan !== undefined);
  await viewRelease(kubectl, PLACES.dev, 'broken').until(({ status }) => status?.health === 'Red');
}

async function createPlace(kubectl: Kubectl, namespace: string): Promise<void> {
  await kubectl('create', 'namespace', namespace);
  const subject = `--serviceaccount=${namespace}:default`;
  await kubectl('create', 'rolebinding', 'coxswain', '--namespace', namespace, '--clusterrole=admin', subject);
}

/** Makes a service account in `default` that has a cluster role in these namespaces, and returns a token of it. */
export async function viewerWith(
  kubectl: Kubectl,
  name: string,
  role: string,
  namespaces: readonly string[],
): Promise<string> {
  await kubectl('create', 'serviceaccount', name, '--namespace=default');
  for (const namespace of namespaces) {
    const subject = `--serviceaccount=default:${name}`;
    await kubectl('create', 'rolebinding', name, '--namespace', namespace, `--clusterrole=${role}`, subject);
  }
  return (await kubectl('create', 'token', name, '--namespace=default', '--duration=1h')).trim();
}
