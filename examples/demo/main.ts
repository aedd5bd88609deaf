// `make demo`: a cluster, a registry and the controller on this machine, and a story told with kubectl. With REAL=1 it is told on a real
// node, whose pods run. DEMO=once ends after the story, with exit code 1 if any step did not do what it says. CHARTS=dir pushes the charts
// below that directory, too.
import { dirname, join } from 'node:path';

import { ensureBinaries } from '../../test/control-plane/index.ts';
import { storeCharts } from './charts.ts';
import { say, showHeading, showOutput } from './screen.ts';
import { PLUGINS, shellFor } from './shell.ts';
import { localStage, realStage, type Stage } from './stage.ts';
import { tellStory } from './story.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const OWN_CHARTS = join(REPOSITORY, 'examples', 'charts');

async function demo(stage: Stage): Promise<void> {
  say('A Kubernetes API server with its controllers and an OCI registry run on this machine. Now Coxswain is added.');
  await storeAll(stage);
  say(await stage.install());
  try {
    await tellStory({ shell: shellFor(stage.cluster), space: `oci://${stage.registry}/charts`, image: stage.image });
    await stayUp(stage);
  } catch (error) {
    process.stderr.write(`\nThe last lines of the controller's log:\n${await stage.lastLines()}\n`);
    throw error;
  }
}

async function storeAll({ cluster }: Stage): Promise<void> {
  const extra = process.env['CHARTS'] || undefined;
  for (const directory of [OWN_CHARTS, ...(extra === undefined ? [] : [extra])]) {
    const stored = await storeCharts(cluster, directory, (path, error) => {
      if (directory !== extra) throw error;
      showOutput(`not pushed: ${path}: ${error instanceof Error ? error.message : String(error)}\n`);
    });
    for (const { registry, name, version } of stored) showOutput(`pushed ${registry}/${name}:${version}\n`);
  }
}

async function stayUp(stage: Stage): Promise<void> {
  const { cluster, registry, hints } = stage;
  showHeading('All of it did what it says');
  if (process.env['DEMO'] === 'once') return stage.showPage('once');
  const { helm } = await ensureBinaries(['helm']);
  // From here to where signals are listened to, nothing is waited for.
  say('The cluster stays up until Ctrl-C. In another terminal:');
  const lines = [
    hints.first,
    // A helm of one's own comes before this one.
    `export PATH=${PLUGINS}:${dirname(cluster.binaries.kubectl)}:$PATH:${dirname(helm)}`,
    `export CHARTS=oci://${registry}/charts`,
    '',
    `kubectl release install mine -n orchard $CHARTS/${hints.chart} --wait`,
    'kubectl release status mine -n orchard',
    'kubectl edit release mine -n orchard',
    'kubectl release diff mine -n orchard',
    'kubectl explain release.spec',
    hints.log(),
  ];
  showOutput(`\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`);
  // Until here a signal ends this process at once, and what it started ends with it.
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const keepAlive = setInterval(() => undefined, 60_000);
  const over = new AbortController();
  const page = stage.showPage(over.signal);
  await Promise.race([interrupted, stage.failed(), page]).finally(() => {
    over.abort();
    clearInterval(keepAlive);
  });
}

async function main(): Promise<number> {
  process.chdir(REPOSITORY);
  const stage = process.env['REAL_NODE'] === undefined ? await localStage() : realStage();
  try {
    await demo(stage);
    return 0;
  } finally {
    await stage.stop();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`\nFAILED: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
