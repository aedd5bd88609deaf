import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { story } from '../../../support/cluster/story.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

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

const coxswain = story({ env: HEAP });

test(
  'a namespace whose children take more than its share of memory is told so until there is room, and others are not affected',
  async () => {
    const tenant = await coxswain.tenant({ prefix: 'large' });
    const neighbour = await coxswain.tenant({ prefix: 'neighbour' });
    const chart = await coxswain.push(ANNOTATED);
    const web = await coxswain.push(webChart());

    await tenant.apply('first', chart);
    await tenant.release('first').ready(PATIENCE);
    await tenant.apply('second', chart);
    const { message } = await tenant.release('second').failed('LimitExceeded', PATIENCE);
    expect(message).toMatch(
      new RegExp(
        `^ConfigMap/second-\\d+ cannot be watched: what namespace ${tenant.namespace} has watched takes \\d+ MiB of the controller's memory, ` +
          'and the limit is \\d+ MiB for each namespace: delete or shrink objects, name fewer of them in valuesFrom, ' +
          'or give the controller a larger heap$',
      ),
    );

    await neighbour.apply('web', web);
    await neighbour.release('web').ready(PATIENCE);
    await neighbour.apply('same', chart);
    await neighbour.release('same').ready(PATIENCE);

    await tenant.kubectl('delete', 'release', 'first');
    await tenant.release('second').patch({ timeout: '6m' });
    await tenant.release('second').ready(PATIENCE);
    expect(await tenant.configMap('first-7')).toBeUndefined();
  },
  TEST_TIMEOUT_MS,
);
