import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { webChart } from '../../../support/charts/web-chart.ts';
import { runInTerminal, type Shown } from '../../../support/command/pseudo-terminal.ts';
import { kubectlFor, run, type Kubectl, type Outcome } from '../../../support/cluster/kubectl.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { commandEnvironment, commandOn, pathWith, PLUGINS } from '../../../support/command/command.ts';
import { eventually } from '../../../support/eventually.ts';

// The command as it is installed, on a terminal and off it, where one looks and nothing changes.

const coxswain = story();
const GREEN = '\u001b[32mGreen';

let tenant: Tenant;
let kubectl: Kubectl;
let first: StoredChart;

beforeAll(async () => {
  tenant = await coxswain.tenant();
  first = await coxswain.push(webChart());
  const web = await tenant.apply('web', first);
  const lost = await tenant.apply('lost', { ...first, name: 'nowhere' });
  await web.ready();
  await lost.failed('ChartNotFound');
  const { controlPlane } = coxswain;
  const path = pathWith(PLUGINS, controlPlane);
  kubectl = kubectlFor(controlPlane, { ...commandEnvironment(coxswain), PATH: path });
}, 1_200_000);

async function release(...args: readonly string[]): Promise<Outcome> {
  return commandOn(coxswain)([...args, '-n', tenant.namespace]);
}

async function shown(
  args: readonly string[],
  more: { columns?: number; until?: RegExp; onShown?: (screen: string) => void; env?: object } = {},
): Promise<Shown> {
  const env = { ...commandEnvironment(coxswain), ...more.env };
  const { columns = 100, env: _, ...watching } = more;
  const path = join(PLUGINS, 'kubectl-release');
  return runInTerminal({ path, args: [...args, '-n', tenant.namespace], env, columns, ...watching });
}

describe('on a terminal', () => {
  test('health is coloured, unless NO_COLOR is set', async () => {
    expect(await shown(['status', 'web'])).toMatchObject({ code: 0, screen: expect.stringContaining(GREEN) });
    const plain = await shown(['status', 'web'], { env: { NO_COLOR: '1' } });
    expect(plain.screen).toContain('Green');
    expect(plain.screen).not.toContain('\u001b');
    expect((await release('status', 'web')).stdout).not.toContain('\u001b');
  });

  test.each([
    [['list', '-A', '-o', 'wide']],
    [['status', 'lost']],
    [['history', 'web']],
    [['check']],
    [['events', 'web']],
  ])('%j fits 60 columns', async (args) => {
    const { screen } = await shown(args, { columns: 60, env: { NO_COLOR: '1' } });
    const lines = screen.split('\r\n');
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
  });

  test('status is redrawn in place until it is interrupted', async () => {
    let suspending: Promise<Outcome> | undefined;
    const onShown = (seen: string): void => {
      if (seen.includes(GREEN)) suspending ??= release('suspend', 'web');
    };
    const { screen } = await shown(['status', 'web', '--watch'], { until: /suspended/, onShown });
    await suspending;
    await release('resume', 'web');
    expect(screen).toContain(GREEN);
    expect(screen.replaceAll('\u001b', '')).toMatch(/\[\d+A\[J/);
  });
});

describe('an error', () => {
  test.each([
    [['status', 'nowhere'], 1, 'See those there are: kubectl release list -A'],
    [['status', 'web', '--kubeconfig', '/nowhere'], 1, 'Name a kubeconfig by'],
    [['status', 'web', '--context', 'nowhere'], 1, '--context'],
    [['list', '--as', 'mallory'], 1, 'kubectl auth can-i list releases'],
    [['list', '-l', '='], 1, 'Correct what is named'],
    [['list', '--helth', 'Red'], 2, 'did you mean --health?'],
    [['staut'], 2, 'did you mean "status"?'],
    [['list', '-o', 'jsonpath={.items'], 2, 'a brace without the other'],
    [['list', '-o', 'xml'], 2, 'use json, yaml, name or jsonpath'],
  ])('of %j exits %i and says what to do', async (args, code, advice) => {
    const outcome = await release(...args);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: /);
    expect(outcome.stderr).toContain(advice);
    expect(outcome.stderr).not.toMatch(/^ +at /m);
  });
});

test('check finds a sound installation, and what a user may not do', async () => {
  const sound = await release('check');
  expect(sound.stdout).toMatch(/^kinds +ok +Release, ReleaseHistory, ReleasePreview in/m);
  expect(sound.stdout).toMatch(/^definition +ok +the one of this command$/m);
  expect(sound.stdout).toMatch(/^install +ok +you may create releases/m);
  expect(sound.stdout).toMatch(/^registry +ok +oci:\/\/.*, of \d+ releases?$/m);
  const elsewhere = await commandOn(coxswain)(['check', '-n', 'nowhere']);
  expect(elsewhere).toMatchObject({ code: 1, stdout: expect.stringContaining('there is no namespace nowhere') });
  const viewer = await release('check', '--as', `system:serviceaccount:${tenant.namespace}:default`);
  expect(viewer.stdout).toMatch(/^leader +unknown /m);
});

test('tenant init makes namespaces in which a release can be created, and can be repeated', async () => {
  const file =
    'name: acme\nstages: [dev]\nserviceAccount: deployer\neditors: [ada, "group:acme"]\nquota: {pods: 10}\npolicy: {podSecurity: baseline, network: isolated}\n';
  const init = async () => commandOn(coxswain)(['tenant', 'init', '-f', '-'], { input: file });
  expect(await init()).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('-n acme-dev --service-account deployer'),
  });
  expect(await init()).toMatchObject({ code: 0 });
  expect(await kubectl.json('get', 'quota', 'coxswain', '-n', 'acme-dev')).toMatchObject({
    spec: { hard: { pods: '10' } },
  });
  expect(await kubectl.json('get', 'namespace', 'acme-dev')).toMatchObject({
    metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } },
  });
  await kubectl('get', 'networkpolicy', 'coxswain', '-n', 'acme-dev');
  const chart = `${first.registry}/${first.name}`;
  const args = [
    'install',
    'web',
    chart,
    '--version',
    '1.0.0',
    '-n',
    'acme-dev',
    '--service-account',
    'deployer',
    '--wait',
  ];
  const asAda = [...args, '--as', 'ada', '--as-group', 'system:authenticated'];
  const made = await commandOn(coxswain)(asAda);
  expect(made).toEqual({ code: 0, stdout: expect.stringContaining('Green'), stderr: expect.any(String) });
  const wrong = await commandOn(coxswain)(['tenant', 'init', '-f', '-'], { input: 'name: A\nstage: x\n' });
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/stage is not a field.*name has to be/) });
});

test('version prints all that it can find out', async () => {
  const { stdout } = await release('version', '-o', 'json');
  expect(JSON.parse(stdout)).toMatchObject({
    client: '0.1.0',
    definition: 'the one of this command',
    kubernetes: expect.stringMatching(/^v1\./),
    node: process.versions.node,
  });
  expect((await release('--version')).stdout).toMatch(/^client: 0\.1\.0\n/);
});

test.each([
  ['{.items[*].metadata.name}'],
  ['{range .items[*]}{.metadata.name}{"\\t"}{.status.health}{"\\n"}{end}'],
  ['{.items[?(@.metadata.name=="web")].status.version}'],
  ['{.items[-1].spec.chart}'],
  ['{.items[0:1].metadata.name} of {.kind}'],
  ["{.items[1]['metadata']['name']}"],
  ['{.items[*].metadata.none}'],
  ['{.items[*].status.conditions[?(@.type=="Ready")].status}'],
])('-o jsonpath=%s gives what kubectl gives', async (template) => {
  const theirs = await tenant.kubectl('get', 'releases', '-o', `jsonpath=${template}`);
  expect((await release('list', '-o', `jsonpath=${template}`)).stdout.trimEnd()).toBe(theirs.trimEnd());
});

describe('completion', () => {
  test.each([
    [['release', 'stat'], 'status'],
    [['release', 'status', '-n', 'NAMESPACE', ''], 'lost\nweb'],
    [['release', 'list', '--health', ''], 'Green\nYellow\nRed'],
    [['release', 'upgrade', 'web', '--reuse'], '--reuse-values'],
  ])('of kubectl, after %j, offers %j', async (words, expected) => {
    const args = words.map((word) => (word === 'NAMESPACE' ? tenant.namespace : word));
    // Nothing is offered where the cluster takes long to answer, as it may on a busy machine: people press Tab again.
    await eventually(
      () => kubectl('__completeNoDesc', ...args),
      (answer) => expect(answer.replace(/\n:\d+\n[^]*$/, '')).toBe(expected),
    );
  });

  test('of bash offers the same for the executable', async () => {
    const script = `source <(kubectl-release completion bash); COMP_WORDS=(kubectl-release -n "$1" status w); COMP_CWORD=4; _kubectl_release; echo "\${COMPREPLY[@]}"`;
    const env = { ...commandEnvironment(coxswain), PATH: `${PLUGINS}:${process.env['PATH']}` };
    await eventually(
      () => run('bash', ['-c', script, 'bash', tenant.namespace], { env }),
      (outcome) => expect(outcome).toMatchObject({ code: 0, stdout: 'web\n' }),
    );
  });

  test('of other shells is printed', async () => {
    for (const shell of ['zsh', 'fish']) {
      expect((await commandOn(coxswain)(['completion', shell])).stdout).toContain('kubectl_complete-release');
    }
    expect(await commandOn(coxswain)(['completion', 'tcsh'])).toMatchObject({ code: 2 });
  });
});

test('events are those of the release, its objects and their pods', async () => {
  const { stdout } = await release('events', 'web');
  expect(stdout).toMatch(/InstallSucceeded +Release\/web /);
  expect(stdout).toMatch(/ScalingReplicaSet +Deployment\/web /);
  expect(stdout).toMatch(/SuccessfulCreate +ReplicaSet\/web-/);
  expect(stdout).not.toContain('Release/lost');
  expect((await release('events', 'lost', '--warnings', '-o', 'name')).stdout).toMatch(/^event\./);
});

test('logs are requested for each container, and what cannot be read is reported', async () => {
  // The nodes are simulated: there is nothing that could be read.
  const { code, stdout, stderr } = await release('logs', 'web', '--tail', '5');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^\[web-\S+\/app\] cannot be read: /);
  expect(await release('logs', 'web', '-c', 'none')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('has no such pods'),
  });
});

test('template --cluster renders for the cluster, and answers its lookups', async () => {
  const probe =
    'kube: {{ .Capabilities.KubeVersion }}\nfound: {{ (lookup "v1" "ConfigMap" .Release.Namespace "web").data.greeting }}\n';
  const chart = {
    name: 'probe',
    version: '1.0.0',
    templates: { 'a.yaml': `kind: A\napiVersion: v1\nmetadata: {name: a}\n${probe}` },
  };
  const { registry, name } = await coxswain.push(chart);
  const { stdout } = await release('template', 'p', `${registry}/${name}`, '--cluster', '--plain-http');
  const { gitVersion } = JSON.parse(await tenant.kubectl('get', '--raw', '/version')) as { gitVersion: string };
  expect(stdout).toContain(`kube: ${gitVersion}\nfound: hello\n`);
});
