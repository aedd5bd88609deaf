import { stripVTControlCharacters } from 'node:util';

import { eventually } from '../../test/support/eventually.ts';
import { say, showHeading } from './screen.ts';
import type { Shell } from './shell.ts';
import type { Stage } from './stage.ts';

/** What the story is told with: a shell, `oci://…` of the space that holds the charts, and the image of the pods. */
export type Scene = { readonly shell: Shell; readonly space: string } & Pick<Stage, 'image'>;

/** Tells the story from the first release to its end; throws where anything does not do what is said of it. */
export async function tellStory(scene: Scene): Promise<void> {
  for (const chapter of [tenants, install, upgrade, breakIt, goBack, drift, refusals, remove]) await chapter(scene);
}

async function tenants({ shell }: Scene): Promise<void> {
  showHeading('Two tenants');
  say('Alice works in the namespace orchard, Bob in harbour. Each may edit their own namespace and nothing else.');
  await shell.type('kubectl apply -f examples/demo/tenants.yaml');
}

async function install({ shell, space, image }: Scene): Promise<void> {
  showHeading('A release');
  say(
    'Alice creates a release. The controller pulls the chart, renders it, and applies it as the tenant: by the rights of her namespace.',
  );
  const values = '--set greeting=Ahoy --set replicas=2';
  const { stdout } = await shell.type(
    `kubectl create release hello -n orchard --as alice --chart ${space}/hello --version 1.0.0 ${values}${image.flags} --wait`,
  );
  check(/Deployment\/hello +Green/.test(stripVTControlCharacters(stdout)), 'the tree shows a Green Deployment');
  await shell.type('kubectl get releases -n orchard');
  await shell.type('kubectl get deployments,services,configmaps -n orchard -l coxswain.dev/release=hello');
}

async function upgrade({ shell }: Scene): Promise<void> {
  showHeading('An upgrade');
  say('Any edit of the values makes a new version, by kubectl edit, apply or patch. What it changed is kept with it.');
  await shell.type(`kubectl patch release hello -n orchard --type=merge -p '{"spec":{"values":{"replicas":3}}}'`);
  await shell.type('kubectl wait release hello -n orchard --for=condition=Ready --timeout=60s');
  const { stdout } = await shell.type('kubectl release diff hello -n orchard', 3);
  check(
    /\.spec\.replicas\n +- 2\n +\+ 3/.test(stripVTControlCharacters(stdout)),
    'the diff shows the field that changed',
  );
  check((await versionOf(shell)) === '2', 'version 2 is in force');
}

async function breakIt({ shell, image }: Scene): Promise<void> {
  showHeading('A broken upgrade');
  say('An image that cannot be pulled. The release turns Red and says why, not merely that it timed out.');
  await shell.type(
    `kubectl patch release hello -n orchard --type=merge -p '{"spec":{"values":{"image":{"tag":"broken"}}}}'`,
  );
  await shell.type(`kubectl wait release hello -n orchard --for=jsonpath='{.status.health}'=Red --timeout=60s`);
  const { stdout } = await shell.type('kubectl release status hello -n orchard');
  check(stdout.includes(`${image.repository}:broken`), 'the cause names the image');
}

async function goBack({ shell }: Scene): Promise<void> {
  showHeading('Back to version 1');
  say(
    'Going back is an edit of spec.version. What version 1 recorded is applied; nothing is rendered again, and no new number is used.',
  );
  await shell.type(`kubectl patch release hello -n orchard --type=merge -p '{"spec":{"version":1}}'`);
  await shell.type('kubectl wait release hello -n orchard --for=condition=Ready --timeout=60s');
  await shell.type('kubectl get release hello -n orchard');
  await shell.type('kubectl release history hello -n orchard');
  check((await versionOf(shell)) === '1', 'version 1 is in force');
  const histories = await shell.look('kubectl get releasehistories -n orchard -o name');
  check(histories.trim().split('\n').length === 3, 'nothing was recorded by going back');
  const replicas = await shell.look(`kubectl get deployment hello -n orchard -o jsonpath='{.spec.replicas}'`);
  check(replicas === '2', 'the Deployment is as version 1 had it');
}

async function drift({ shell }: Scene): Promise<void> {
  showHeading('A child deleted by hand');
  say('The controller watches what it applied. What goes missing or is edited by hand is restored at once.');
  const uid = `kubectl get service hello -n orchard --ignore-not-found -o jsonpath='{.metadata.uid}'`;
  const before = await shell.look(uid);
  await shell.type('kubectl delete service hello -n orchard');
  const deletedAt = Date.now();
  await eventually(
    () => shell.look(uid),
    (after) => after !== '' && after !== before,
  );
  say(`It was back ${((Date.now() - deletedAt) / 1_000).toFixed(1)} s later:`);
  await shell.type('kubectl get service hello -n orchard');
  await shell.type('kubectl events -n orchard --for release/hello');
}

async function refusals({ shell, space }: Scene): Promise<void> {
  showHeading('Tenants stay apart');
  say('Bob creates a release in the namespace of Alice. The API server refuses him, as it would for any other object.');
  const chart = `--chart ${space}/hello`;
  const bob = await shell.type(`kubectl create release raid -n orchard --as bob ${chart}`, 1);
  check(/forbidden/i.test(bob.stderr), 'the API server says that it is forbidden');

  say(
    'So he tries it by a chart, from his own namespace. All that is not his is named at once, and nothing is applied.',
  );
  const raid = await shell.type(
    `kubectl create release raid -n harbour --as bob --chart ${space}/trespasser --set target=orchard --wait`,
    1,
  );
  check(raid.stderr.includes('Refused') && raid.stderr.includes('orchard'), 'the object elsewhere is refused');
  await shell.type('kubectl get configmaps -A -l coxswain.dev/release=raid');
  check(
    (await shell.look('kubectl get configmaps -A -l coxswain.dev/release=raid -o name')) === '',
    'nothing was applied',
  );

  say('A release does what its service account may do. This one may do nothing, and says what it lacks:');
  await shell.type('kubectl create serviceaccount intern -n harbour --as bob');
  const intern = await shell.type(
    `kubectl create release hello -n harbour --as bob ${chart} --service-account intern --wait`,
    1,
  );
  check(/create.*deployments\.apps.*namespace "harbour"/.test(intern.stderr), 'verb, resource and namespace are named');
}

async function remove({ shell }: Scene): Promise<void> {
  showHeading('The end of a release');
  say('Its objects, its versions and what they kept go with it.');
  await shell.type('kubectl delete release hello -n orchard --timeout=60s');
  await shell.look('kubectl delete release raid hello -n harbour --timeout=60s');
  const everything = 'all,configmaps,secrets,releases,releasehistories';
  const left = `kubectl get ${everything} -n orchard -l coxswain.dev/release=hello`;
  // Kubernetes' garbage collector, which takes pods and recorded versions, learns of new kinds every 30 s.
  const names = `${left} -o name; kubectl get pods -n orchard -o name`;
  await eventually(
    () => shell.look(names),
    (found) => found.trim() === '',
    { timeoutMs: 120_000, intervalMs: 1_000 },
  );
  await shell.type(left);
  await shell.type('kubectl get pods -n orchard');
}

async function versionOf(shell: Shell): Promise<string> {
  return shell.look(`kubectl get release hello -n orchard -o jsonpath='{.status.version}'`);
}

function check(holds: boolean, claim: string): void {
  if (!holds) throw new Error(`not so: ${claim}`);
}
