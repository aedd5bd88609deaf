import { beforeAll, expect, test } from '@jest/globals';
import { ensureBinaries } from '../../../control-plane/index.ts';
import { buildChart, type ChartParts } from '../../../support/charts/chart-builder.ts';
import { eventually } from '../../../support/eventually.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { run } from '../../../support/cluster/kubectl.ts';

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

const coxswain = story();
let tenant: Tenant;

beforeAll(async () => {
  tenant = await coxswain.tenant();
  await tenant.kubectl.apply({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'probe' },
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

test('integers reach the API server with all their digits', async () => {
  const web = await tenant.apply('ours', await coxswain.push(CHART), { values: { long: 1_000_000 } });
  await web.ready();
  expect(await deadline()).toBe(BEYOND_DOUBLES);
  // What comes from the record has been JSON in between.
  await tenant.kubectl('delete', 'cronjob', 'exact');
  await eventually(deadline, (digits) => digits === BEYOND_DOUBLES);
});

test('templates see numbers from the API and from values with the types that Helm gives them', async () => {
  const { controlPlane } = coxswain;
  const { helm } = await ensureBinaries(['helm']);
  const chart = await coxswain.file('numbers.tgz', buildChart({ ...CHART, templates: { 'seen.yaml': SEEN } }));
  const values = await coxswain.file('values.yaml', 'long: 1000000\n');
  const install = ['install', 'theirs', chart, '--namespace', tenant.namespace, '--values', values];
  expect(await run(helm, install, { env: { KUBECONFIG: controlPlane.kubeconfig } })).toMatchObject({ code: 0 });
  const theirs = await tenant.configMap('theirs-seen');
  expect(theirs).toMatchObject({ values: 'float64 1e+06', found: 'int64 1000650000 bool', probe: 'true' });
  expect(await tenant.configMap('ours-seen')).toEqual(theirs);
});

async function deadline(): Promise<string> {
  const path = '--output=jsonpath={.spec.startingDeadlineSeconds}';
  return tenant.kubectl('get', 'cronjob', 'exact', '--ignore-not-found', path);
}
