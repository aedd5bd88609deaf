// `make pictures`: the pictures of the terminal in docs/images, each what a command wrote in a pseudo terminal, in a run on the demo's cluster.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storeCharts } from '../examples/demo/charts.ts';
import { PLUGINS } from '../examples/demo/shell.ts';
import { localStage, type Stage } from '../examples/demo/stage.ts';
import { runInTerminal } from '../test/support/command/pseudo-terminal.ts';
import { settled } from './pictures/settled.ts';
import { pictureOf } from './pictures/svg.ts';

const ROOT = join(import.meta.dirname, '..');
const IMAGES = join(ROOT, 'docs', 'images');
const COLUMNS = 100;

/** What is typed, as on the page "Start here"; what a picture is made of has its name, and has to show something. */
const STEPS: readonly { readonly command: string; readonly picture?: string; readonly shows?: RegExp }[] = [
  { command: 'kubectl create namespace start' },
  { command: 'kubectl create rolebinding releases -n start --clusterrole=edit --serviceaccount=start:default' },
  { command: 'kubectl config set-context --current --namespace start' },
  { command: 'kubectl release install web $CHARTS/hello --version 1.0.0 --set greeting=Ahoy --wait', shows: /Green/ },
  { command: 'kubectl release upgrade web --reuse-values --set replicas=3 --wait', shows: /Green/ },
  {
    command: 'kubectl release upgrade web --reuse-values --set image.tag=broken --wait --red-timeout 1s',
    shows: /has been Red/,
  },
  { command: 'kubectl release status web', picture: 'terminal-status', shows: /ImagePullBackOff/ },
  { command: 'kubectl release diff web', picture: 'terminal-diff', shows: /nginx:broken/ },
  { command: 'kubectl release rollback web --wait', picture: 'terminal-rollback', shows: /RollbackSucceeded/ },
  { command: 'kubectl release history web', picture: 'terminal-history', shows: /2 \*/ },
];

async function takePictures(stage: Stage): Promise<void> {
  const { cluster, registry } = stage;
  await storeCharts(cluster, join(ROOT, 'examples', 'charts'), (_, error) => {
    throw error;
  });
  await stage.install();
  const env = {
    KUBECONFIG: cluster.kubeconfig,
    PATH: [PLUGINS, dirname(cluster.binaries.kubectl), process.env['PATH']].join(':'),
    CHARTS: `oci://${registry}/charts`,
    COXSWAIN_NODE: process.execPath,
  };
  await mkdir(IMAGES, { recursive: true });
  for (const { command, picture, shows } of STEPS) {
    const { screen } = await runInTerminal({ path: '/bin/sh', args: ['-c', command], env, columns: COLUMNS });
    process.stdout.write(`$ ${command}\n${screen}\n`);
    if (!(shows ?? /./).test(screen)) throw new Error(`it does not show ${String(shows)}: ${command}`);
    if (picture === undefined) continue;
    await writeFile(join(IMAGES, `${picture}.svg`), pictureOf({ command, screen: settled(screen) }, COLUMNS));
  }
}

const local = await localStage();
try {
  await takePictures(local);
} finally {
  await local.stop();
}
