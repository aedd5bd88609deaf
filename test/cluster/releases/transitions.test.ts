import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from '@jest/globals';
import { ensureBinaries } from '../../control-plane/index.ts';
import { expectTwins, liveTwins, type Twin } from '../../support/objects/beside-helm.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { releaseOf, startInstallation, viewRelease, type Installation } from '../../support/cluster/installation.ts';
import { createTrustedTenant, succeed } from '../../support/charts/public-charts.ts';
import { storeChart } from '../../support/charts/registry.ts';
import { transitions, type Transition } from '../../support/objects/transitions.ts';

let coxswain: Installation;
let folder: string;

beforeAll(async () => {
  coxswain = await startInstallation();
  folder = await mkdtemp(join(tmpdir(), 'transitions-'));
}, 600_000);

afterAll(async () => {
  await coxswain?.stop();
  await rm(folder, { recursive: true, force: true });
});

function chartOf(name: string, objects: readonly Transition[]): Uint8Array {
  const texts = objects.map(({ before, after }) =>
    [`{{ if .Values.after }}`, JSON.stringify(after), '{{ else }}', JSON.stringify(before), '{{ end }}'].join('\n'),
  );
  return buildChart({ name, values: 'after: false\n', templates: { 'objects.yaml': texts.join('\n---\n') } });
}

const asTwins = (objects: readonly Transition[]): Twin[] =>
  objects.map(({ title, after }) => ({ title, object: after }));

test('a default, or a value before, is in the way of no upgrade and no way back', async () => {
  const { kubectl, controlPlane } = coxswain;
  const [theirs, ours] = [await createTrustedTenant(kubectl, 'helm'), await createTrustedTenant(kubectl, 'ours')];
  const [forHelm, forUs] = [transitions('theirs'), transitions('ours')];
  const path = join(folder, 'transitions-1.0.0.tgz');
  await writeFile(path, chartOf('transitions', forHelm));
  const { helm } = await ensureBinaries(['helm']);
  const env = { KUBECONFIG: controlPlane.kubeconfig };
  await succeed(helm, ['install', 'r', path, '--namespace', theirs], env);
  await kubectl.apply(releaseOf(ours, 'r', await storeChart(controlPlane, chartOf('transitions', forUs))));
  await expectTwins(kubectl, ours, asTwins(forUs), await liveTwins(kubectl, theirs, asTwins(forHelm)));

  const release = viewRelease(kubectl, ours, 'r');
  await succeed(helm, ['upgrade', 'r', path, '--namespace', theirs, '--set', 'after=true'], env);
  await release.patch({ values: { after: true } });
  await expectTwins(kubectl, ours, asTwins(forUs), await liveTwins(kubectl, theirs, asTwins(forHelm)));

  await succeed(helm, ['rollback', 'r', '1', '--namespace', theirs], env);
  await release.patch({ version: 1 });
  await expectTwins(kubectl, ours, asTwins(forUs), await liveTwins(kubectl, theirs, asTwins(forHelm)));
}, 600_000);
