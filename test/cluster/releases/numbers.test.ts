import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ensureBinaries } from '../../control-plane/index.ts';
import { buildChart, type ChartParts } from '../../support/charts/chart-builder.ts';
import { eventually } from '../../support/eventually.ts';
import {
  configMapData,
  pushParts,
  releaseOf,
  startInstallation,
  viewRelease,
  type Installation,
} from '../../support/cluster/installation.ts';
import { run } from '../../support/cluster/kubectl.ts';
import { createTenant } from '../../support/cluster/tenant.ts';

/** The first whole number that a double does not hold. */
const BEYOND_DOUBLES = '9007199254740993';

const SEEN = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-seen
data:
  values: {{ printf "%T %v" .Values.long .Values.long | quote }}
  {{- with lookup "batch/v1" "CronJob" .Release.Namespace "probe" }}
  found: {{ printf "%T %v %T" .spec.startingDeadlineSeconds .spec.startingDeadlineSeconds .spec.suspend | quote }}
  {{- range (lookup "batch/v1" "CronJob" .metadata.namespace "").items }}
  {{- if ne .metadata.name "exact" }}
  {{ .metadata.name }}: {{ eq .spec.successfulJobsHistoryLimit 3 | quote }}
  {{- end }}
  {{- end }}
  {{- end }}
`;

const CHART: ChartParts = {
  name: 'numbers',
  templates: {
    // A CronJob's field of 64 bits is the place where each digit can be seen again.
    'job.yaml': `apiVersion: batch/v1
kind: CronJob
metadata:
  name: exact
spec:
  schedule: "0 0 1 1 *"
  startingDeadlineSeconds: ${BEYOND_DOUBLES}
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: main, image: example.com/none}]
`,
    'seen.yaml': SEEN,
  },
};

let coxswain: Installation;
let namespace: string;
let directory: string;

beforeAll(async () => {
  coxswain = await startInstallation();
  namespace = await createTenant(coxswain.kubectl);
  directory = await mkdtemp(join(tmpdir(), 'coxswain-numbers-'));
  await coxswain.kubectl.apply({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'probe', namespace },
    spec: {
      schedule: '0 0 1 1 *',
      startingDeadlineSeconds: 1_000_650_000,
      jobTemplate: {
        spec: {
          template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'example.com/none' }] } },
        },
      },
    },
  });
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  await coxswain?.stop();
});

test('whole numbers reach the API server with all digits', async () => {
  const { kubectl } = coxswain;
  const web = viewRelease(kubectl, namespace, 'ours');
  await kubectl.apply(releaseOf(namespace, 'ours', await pushParts(coxswain, CHART), { values: { long: 1_000_000 } }));
  await web.ready();
  expect(await deadline()).toBe(BEYOND_DOUBLES);
  // What comes from the record has been JSON in between.
  await kubectl('delete', 'cronjob', 'exact', '--namespace', namespace);
  await eventually(deadline, (digits) => digits === BEYOND_DOUBLES);
});

test('templates see numbers of the API and of values with the types of Helm', async () => {
  const { controlPlane, kubectl } = coxswain;
  const { helm } = await ensureBinaries(['helm']);
  const chart = join(directory, 'numbers.tgz');
  await writeFile(chart, buildChart({ ...CHART, templates: { 'seen.yaml': SEEN } }));
  const values = join(directory, 'values.yaml');
  await writeFile(values, 'long: 1000000\n');
  const install = ['install', 'theirs', chart, '--namespace', namespace, '--values', values];
  expect(await run(helm, install, { env: { KUBECONFIG: controlPlane.kubeconfig } })).toMatchObject({ code: 0 });
  const theirs = await configMapData(kubectl, namespace, 'theirs-seen');
  expect(theirs).toMatchObject({ values: 'float64 1e+06', found: 'int64 1000650000 bool', probe: 'true' });
  expect(await configMapData(kubectl, namespace, 'ours-seen')).toEqual(theirs);
});

async function deadline(): Promise<string> {
  const path = '--output=jsonpath={.spec.startingDeadlineSeconds}';
  return coxswain.kubectl('get', 'cronjob', 'exact', '--namespace', namespace, '--ignore-not-found', path);
}
