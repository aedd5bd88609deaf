import { test } from '@jest/globals';
import { ensureBinaries } from '../../../control-plane/index.ts';
import { expectSameObjects, liveObjects, type ObjectPair } from '../../../support/objects/beside-helm.ts';
import { buildChart } from '../../../support/charts/chart-builder.ts';
import { story } from '../../../support/cluster/story.ts';
import { succeed } from '../../../support/charts/public-charts.ts';
import { storeChart } from '../../../support/charts/registry.ts';
import { transitions, type Transition } from '../../../support/objects/transitions.ts';

const coxswain = story();

function chartOf(name: string, objects: readonly Transition[]): Uint8Array {
  const texts = objects.map(({ before, after }) =>
    [`{{ if .Values.after }}`, JSON.stringify(after), '{{ else }}', JSON.stringify(before), '{{ end }}'].join('\n'),
  );
  return buildChart({ name, values: 'after: false\n', templates: { 'objects.yaml': texts.join('\n---\n') } });
}

const asPairs = (objects: readonly Transition[]): ObjectPair[] =>
  objects.map(({ title, after }) => ({ title, object: after }));

test('neither a default nor a previous value blocks an upgrade or a rollback', async () => {
  const { controlPlane } = coxswain;
  const [theirs, ours] = [
    await coxswain.tenant({ prefix: 'helm', rights: 'trusted' }),
    await coxswain.tenant({ prefix: 'ours', rights: 'trusted' }),
  ];
  const [forHelm, forUs] = [transitions('theirs'), transitions('ours')];
  const path = await coxswain.file('transitions-1.0.0.tgz', chartOf('transitions', forHelm));
  const { helm } = await ensureBinaries(['helm']);
  const env = { KUBECONFIG: controlPlane.kubeconfig };
  await succeed(helm, ['install', 'r', path, '--namespace', theirs.namespace], env);
  await ours.apply('r', await storeChart(controlPlane, chartOf('transitions', forUs)));
  await expectSameObjects(ours, asPairs(forUs), await liveObjects(theirs, asPairs(forHelm)));

  const release = ours.release('r');
  await succeed(helm, ['upgrade', 'r', path, '--namespace', theirs.namespace, '--set', 'after=true'], env);
  await release.patch({ values: { after: true } });
  await expectSameObjects(ours, asPairs(forUs), await liveObjects(theirs, asPairs(forHelm)));

  await succeed(helm, ['rollback', 'r', '1', '--namespace', theirs.namespace], env);
  await release.patch({ version: 1 });
  await expectSameObjects(ours, asPairs(forUs), await liveObjects(theirs, asPairs(forHelm)));
}, 600_000);
