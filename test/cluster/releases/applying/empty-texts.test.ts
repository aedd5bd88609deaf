import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { countedWhenQuiet, markAudit } from '../../../support/cluster/audit.ts';
import { story } from '../../../support/cluster/story.ts';

const coxswain = story();

const VOLUME = (name: string): string => `apiVersion: v1
kind: PersistentVolume
metadata: {name: ${name}, labels: {note: "{{ .Values.note }}"}}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: ""
  hostPath: {path: /x, type: ""}
  claimRef: {namespace: "{{ .Release.Namespace }}", name: chosen, uid: "", resourceVersion: ""}
`;

const CLAIM = (name: string, storageClass: string): string => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${name}, labels: {note: "{{ .Values.note }}"}}
spec:
  accessModes: [ReadWriteOnce]
  volumeName: ""
  ${storageClass}
  resources: {requests: {storage: 1Gi}}
`;

const POD = `nodeName: ""
  serviceAccountName: ""
  serviceAccount: ""
  priorityClassName: ""
  schedulerName: ""
  hostname: ""
  containers:
  - {name: c, image: nginx:1, imagePullPolicy: "", ports: [{containerPort: 80, protocol: "", name: ""}]}
`;

const OTHERS = `apiVersion: v1
kind: Pod
metadata: {name: pod, labels: {note: "{{ .Values.note }}"}}
spec:
  ${POD}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {note: "{{ .Values.note }}"}}
spec:
  strategy: {type: ""}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      ${POD.replaceAll('\n', '\n    ')}
---
apiVersion: v1
kind: Service
metadata: {name: balanced, labels: {note: "{{ .Values.note }}"}}
spec:
  type: NodePort
  clusterIP: ""
  loadBalancerIP: ""
  externalName: ""
  sessionAffinity: ""
  externalTrafficPolicy: ""
  ports: [{port: 80, name: "", protocol: "", nodePort: 0}]
  selector: {app: web}
---
apiVersion: v1
kind: Secret
metadata: {name: typed, labels: {note: "{{ .Values.note }}"}}
type: ""
`;

const KINDS = 'persistentvolumeclaim,pod,deployment,service,secret';

test('empty strings that the server, the scheduler or a binder fills in are installed, are no drift, and can be upgraded', async () => {
  const { kubectl, controlPlane } = coxswain;
  const tenant = await coxswain.tenant({ prefix: 'empty', rights: 'trusted' });
  const claims = [CLAIM('bound', ''), CLAIM('chosen', 'storageClassName: ""')];
  const chart = await coxswain.push({
    name: 'empty',
    values: 'note: a\n',
    templates: { 'all.yaml': [VOLUME(`${tenant.namespace}`), ...claims, OTHERS].join('---\n') },
  });
  const release = await tenant.apply('r', chart);
  await release.ready();

  const made = async (): Promise<Map<string, KubeObject>> => {
    const selector = '--selector=note';
    const list = await tenant.kubectl.json<{ items: KubeObject[] }>('get', KINDS, selector);
    return new Map(list.items.map((object) => [object.metadata.name, object]));
  };
  const filled = { spec: { volumeName: expect.stringMatching(/./) as unknown } };
  const first = await made();
  expect(first.get('bound')).toMatchObject(filled);
  expect(first.get('chosen')).toMatchObject({ spec: { volumeName: tenant.namespace } });
  expect(first.get('pod')).toMatchObject({
    spec: { nodeName: expect.stringMatching(/./), serviceAccountName: 'default' },
  });

  const mark = await markAudit(controlPlane, tenant);
  await release.patch({ interval: '11m' });
  await release.ready();
  const written = (await countedWhenQuiet('coxswain', mark)).filter(({ verb, objectRef }) => {
    return verb !== 'get' && objectRef?.resource !== 'releases';
  });
  expect(written.map(({ verb, requestURI }) => `${verb} ${requestURI}`)).toEqual([]);

  await release.patch({ values: { note: 'b' } });
  await release.until(({ status }) => status?.version === 2);
  await release.ready();
  for (const [name, object] of await made()) {
    expect({ name, note: object.metadata.labels?.['note'] }).toEqual({ name, note: 'b' });
    expect(object['spec']).toEqual(first.get(name)?.['spec']);
  }
  const { spec } = await kubectl.json<KubeObject & { spec: { claimRef: unknown } }>('get', 'pv', tenant.namespace);
  expect(spec.claimRef).toMatchObject({ name: 'chosen', uid: first.get('chosen')?.metadata.uid });
}, 300_000);
