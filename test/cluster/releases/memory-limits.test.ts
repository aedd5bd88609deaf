import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  configMapData,
  pushParts,
  releaseOf,
  startInstallation,
  viewRelease,
  type Installation,
} from '../../support/cluster/installation.ts';
import { createTenant } from '../../support/cluster/tenant.ts';
import { webChart } from '../../support/charts/web-chart.ts';

/** A fifth of the heap is for the children of one namespace: 23 MiB. */
const HEAP = { NODE_OPTIONS: '--max-old-space-size=112 --max-semi-space-size=2' };
const TEST_TIMEOUT_MS = 600_000;
const PATIENCE = { timeoutMs: 240_000 };

/** ConfigMaps whose annotations do not compress: of a ConfigMap only the metadata is kept. */
const ANNOTATED = {
  name: 'annotated',
  files: { text: randomBytes(170_000).toString('base64') },
  templates: {
    'all.yaml': `{{ range $i := until 80 }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $.Release.Name }}-{{ $i }}
  annotations: {text: {{ $.Files.Get "text" }}}
---
{{ end }}`,
  },
};

let coxswain: Installation;

beforeAll(async () => {
  coxswain = await startInstallation({ env: HEAP });
});

afterAll(async () => {
  await coxswain?.stop();
});

test(
  'a namespace whose children take more than its share is told so, until there is room, and no other is concerned',
  async () => {
    const { kubectl } = coxswain;
    const namespace = await createTenant(kubectl, 'large');
    const neighbour = await createTenant(kubectl, 'neighbour');
    const chart = await pushParts(coxswain, ANNOTATED);
    const web = await pushParts(coxswain, webChart());

    await kubectl.apply(releaseOf(namespace, 'first', chart));
    await viewRelease(kubectl, namespace, 'first').ready(PATIENCE);
    await kubectl.apply(releaseOf(namespace, 'second', chart));
    const { message } = await viewRelease(kubectl, namespace, 'second').failed('LimitExceeded', PATIENCE);
    expect(message).toMatch(
      new RegExp(
        `^ConfigMap/second-\\d+ cannot be watched: what namespace ${namespace} has watched takes \\d+ MiB of the controller's memory, ` +
          'and the limit is \\d+ MiB for each namespace: delete or shrink objects, name fewer of them in valuesFrom, ' +
          'or give the controller a larger heap$',
      ),
    );

    await kubectl.apply(releaseOf(neighbour, 'web', web));
    await viewRelease(kubectl, neighbour, 'web').ready(PATIENCE);
    await kubectl.apply(releaseOf(neighbour, 'same', chart));
    await viewRelease(kubectl, neighbour, 'same').ready(PATIENCE);

    await kubectl('delete', 'release', 'first', '--namespace', namespace);
    await viewRelease(kubectl, namespace, 'second').patch({ timeout: '6m' });
    await viewRelease(kubectl, namespace, 'second').ready(PATIENCE);
    expect(await configMapData(kubectl, namespace, 'first-7')).toBeUndefined();
  },
  TEST_TIMEOUT_MS,
);
