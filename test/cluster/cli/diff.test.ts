import { beforeAll, describe, expect, test } from '@jest/globals';
import { webChart } from '../../support/charts/web-chart.ts';
import type { ReleaseView } from '../../support/cluster/installation.ts';
import { kubectlFor, type Outcome } from '../../support/cluster/kubectl.ts';
import { story } from '../../support/cluster/story.ts';
import type { Tenant } from '../../support/cluster/tenant.ts';
import { pathWith, PLUGINS } from '../../support/command/command.ts';

// A change is looked at before it is made, by who has a plugin and the role `edit`.

const coxswain = story();
let tenant: Tenant;
let web: ReleaseView;
let chart: { registry: string; name: string };
let user: string;

beforeAll(async () => {
  tenant = await coxswain.tenant();
  const { registry, name } = await coxswain.push(webChart());
  await coxswain.push(webChart('1.1.0'));
  chart = { registry, name };
  web = await tenant.apply('web', { ...chart, version: '1.0.0' });
  await web.inForce(1);
  user = `system:serviceaccount:${tenant.namespace}:person`;
  await tenant.kubectl(
    'create',
    'role',
    'person',
    '--verb=*',
    '--resource=releases.coxswain.dev,releasepreviews.coxswain.dev',
  );
  await tenant.kubectl(
    'create',
    'rolebinding',
    'person',
    '--role=person',
    `--serviceaccount=${tenant.namespace}:person`,
  );
});

async function diff(args: readonly string[], input = ''): Promise<Outcome> {
  const { controlPlane } = coxswain;
  const path = pathWith(PLUGINS, controlPlane);
  const kubectl = kubectlFor(controlPlane, { PATH: path, COXSWAIN_NODE: process.execPath });
  const place = ['-n', tenant.namespace, '--as', user];
  return kubectl.attempt(['release', 'diff', ...args, ...place], { input });
}

describe('kubectl release diff', () => {
  test('shows what other values or another chart would change, and exits 3', async () => {
    const flags = ['--set', 'tag=2', '-f', '-', '--version', '1.1.0'];
    expect(await diff(['web', ...flags], 'greeting: hi\n')).toEqual({
      code: 3,
      stderr: '',
      stdout: [
        '--- version 1 as it is in the cluster',
        '+++ version 2  web-1.1.0  upgrade',
        '~ Deployment/web',
        '  .spec.template.spec.containers[0].image',
        '    - example.com/app:1',
        '    + example.com/app:2',
        '~ ConfigMap/web',
        '  .data.greeting',
        '    - hello',
        '    + hi',
        '  .data.revision',
        '    - 1.0.0',
        '    + 1.1.0',
        '0 to create, 2 to update, 0 to delete, 1 unchanged',
        '',
      ].join('\n'),
    });
    expect((await web.get()).spec).toMatchObject({ version: 1, chart: { version: '1.0.0' } });
  });

  test('exits 0 where nothing would change, and leaves no preview behind', async () => {
    const { code, stdout } = await diff(['web', '--set', 'unused=1']);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nno differences\n$/) });
    expect(await diff(['web', '--live'])).toMatchObject({ code: 0 });
    expect(await tenant.kubectl('get', 'relpreview', '--output=name')).toBe('');
  });

  test('shows what applying a file would change, whether or not the Release exists', async () => {
    const written = (name: string, values: object): string => {
      const spec = { chart: { ...chart, version: '1.0.0' }, values };
      const metadata = { name, namespace: tenant.namespace };
      return JSON.stringify({ apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata, spec });
    };
    const fresh = await diff(['-f', '-'], written('new', {}));
    expect(fresh).toMatchObject({ code: 3, stdout: expect.stringContaining('+ Deployment/new') });
    expect(fresh.stdout).toContain('--- nothing\n+++ version 1  web-1.0.0  install');
    expect(await diff(['-f', '-'], written('web', {}))).toMatchObject({ code: 0 });
    expect(await diff(['-f', '-', '-o', 'json'], written('web', { extra: 'x' }))).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('"name": "web-extra"'),
    });
  });

  test('shows with --live what others have changed in the cluster', async () => {
    await web.patch({ drift: 'Ignore' });
    await web.ready();
    await tenant.kubectl('patch', 'configmap', 'web', '--type=merge', '--patch={"data":{"greeting":"hacked"}}');
    const { code, stdout } = await diff(['web', '--live']);
    expect(stdout).toContain('  .data.greeting\n    - hacked\n    + hello\n');
    expect(code).toBe(3);
    await web.patch({ drift: 'Repair' });
  });

  test('exits 1 where the change would be refused or fails', async () => {
    await tenant.kubectl('create', 'configmap', 'web-extra');
    const refused = await diff(['web', '--set', 'extra=x']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('refused for 1 object\n') });
    expect(refused.stdout).toContain('refused\n  ConfigMap/web-extra  AlreadyExists: ');
    const failed = await diff(['web', '--version', '9.9.9']);
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: ChartVersionNotFound: /) });
  });

  test.each([
    [['web', '1', '--set', 'a=1'], 'three questions'],
    [['web', '--live', '--version', '1.1.0'], 'three questions'],
    [['web', '-o', 'json'], '-o is for what would happen'],
    [['-f', 'a.yaml', '-f', 'b.yaml'], 'without NAME'],
    [['-f', 'a.yaml', '--set', 'a=1'], 'without NAME'],
    [[], 'NAME missing'],
  ])('%j is a usage error: %s', async (args, why) => {
    expect(await diff(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(why) });
  });

  test('a file that is not a Release leads to a hint at how to give values', async () => {
    expect(await diff(['-f', '-'], 'replicas: 2\n')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('diff NAME -f FILE'),
    });
  });
});
