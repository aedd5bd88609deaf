// `make demo`: a cluster, a registry and the controller on this machine, and a story told with kubectl. DEMO=once ends after the
// story, with exit code 1 if any step did not do what it says. CHARTS=dir pushes the charts below that directory, too.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { startControlPlane } from '../../test/control-plane/index.ts';
import type { ControlPlane } from '../../test/control-plane/index.ts';
import { installCoxswain, startController } from '../../test/support/cluster/controller.ts';
import type { RunningController } from '../../test/support/cluster/controller.ts';
import { storeCharts } from './charts.ts';
import { say, showHeading, showOutput } from './screen.ts';
import { PLUGINS, shellFor } from './shell.ts';
import { tellStory } from './story.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const OWN_CHARTS = join(REPOSITORY, 'examples', 'charts');

async function demo(controlPlane: ControlPlane): Promise<void> {
  say('A Kubernetes API server with its controllers and an OCI registry run on this machine. Now Coxswain is added.');
  await installCoxswain(controlPlane);
  await storeAll(controlPlane);
  const controller = await startController({ controlPlane });
  try {
    say(
      `The controller runs as process ${controller.pid}, with the rights of deploy/access.yaml. Its log: ${controller.logFile}`,
    );
    await tellStory({ shell: shellFor(controlPlane), space: `oci://${controlPlane.registry}/charts` });
    await stayUp(controlPlane, controller);
  } catch (error) {
    const log = (await readFile(controller.logFile, 'utf8')).trim().split('\n').slice(-20).join('\n');
    process.stderr.write(`\nThe last lines of the controller's log:\n${log}\n`);
    throw error;
  } finally {
    await controller.stop();
  }
}

async function storeAll(controlPlane: ControlPlane): Promise<void> {
  const extra = process.env['CHARTS'] || undefined;
  for (const directory of [OWN_CHARTS, ...(extra === undefined ? [] : [extra])]) {
    const stored = await storeCharts(controlPlane, directory, (path, error) => {
      if (directory !== extra) throw error;
      showOutput(`not pushed: ${path}: ${error instanceof Error ? error.message : String(error)}\n`);
    });
    for (const { registry, name, version } of stored) showOutput(`pushed ${registry}/${name}:${version}\n`);
  }
}

async function stayUp(controlPlane: ControlPlane, controller: RunningController): Promise<void> {
  showHeading('All of it did what it says');
  if (process.env['DEMO'] === 'once') return;
  say('The cluster stays up until Ctrl-C. In another terminal:');
  showOutput(`
  export KUBECONFIG=${controlPlane.kubeconfig}
  export PATH=${PLUGINS}:${dirname(controlPlane.binaries.kubectl)}:$PATH

  kubectl create release mine -n orchard --chart oci://${controlPlane.registry}/charts/hello-handlebars --wait
  kubectl release status mine -n orchard
  kubectl edit release mine -n orchard
  kubectl release diff mine -n orchard
  kubectl explain release.spec
  tail -f ${controller.logFile}
`);
  // Until here a signal ends this process at once, and what it started ends with it.
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve('interrupted'));
  });
  const keepAlive = setInterval(() => undefined, 60_000);
  const ended = await Promise.race([interrupted, controller.exited]);
  clearInterval(keepAlive);
  if (ended !== 'interrupted')
    throw new Error(`the controller ended with exit code ${ended}; see ${controller.logFile}`);
}

async function main(): Promise<number> {
  process.chdir(REPOSITORY);
  const controlPlane = await startControlPlane();
  try {
    await demo(controlPlane);
    return 0;
  } finally {
    await controlPlane.stop();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`\nFAILED: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
