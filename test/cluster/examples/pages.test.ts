import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Release } from '../../../crds/index.ts';
import { eventually } from '../../support/eventually.ts';
import { readPage, type Page } from '../../support/command/page.ts';
import { story } from '../../support/cluster/story.ts';
import { tenantOf, type Tenant } from '../../support/cluster/tenant.ts';
import { commandEnvironment, pathWith, PLUGINS } from '../../support/command/command.ts';

// The commands of the examples' pages, in the order in which somebody who follows them would run them.

const ROOT = join(import.meta.dirname, '..', '..', '..');
const coxswain = story();
/** What somebody has who cloned the repository. */
const folder = mkdtempSync(join(tmpdir(), 'examples-'));
const pages = new Map<string, Page>();

beforeAll(() => {
  for (const path of ['examples', join('docs', 'ci.md')])
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
});
afterAll(() => {
  // Where the page was not followed to its end, its loop still runs.
  const loop = join(folder, 'sync.pid');
  if (existsSync(loop)) spawnSync('kill', [readFileSync(loop, 'utf8').trim()]);
  rmSync(folder, { recursive: true });
});

/** What somebody has who can use the cluster, the registry and git. */
function environment(): Record<string, string> {
  const { controlPlane } = coxswain;
  const people = ['AUTHOR', 'COMMITTER'].flatMap((who) => [
    [`GIT_${who}_NAME`, 'Ada'],
    [`GIT_${who}_EMAIL`, 'ada@example.com'],
  ]);
  return {
    ...commandEnvironment(coxswain),
    ...Object.fromEntries(people),
    PATH: pathWith(PLUGINS, controlPlane),
    HOME: folder,
    REGISTRY: `${controlPlane.registry}/charts`,
    REGISTRY_USER: 'ada',
    REGISTRY_PASSWORD: 'none is asked for',
    PAUSE: '1',
  };
}

/** The page of an example. */
function pageOf(example: string): Page {
  const page = readPage(join(ROOT, 'examples', example, 'README.md'), () => ({ folder, env: environment() }));
  pages.set(example, page);
  return page;
}

/** The tenant of a namespace that the commands of a page create. */
function tenantIn(namespace: string): Tenant {
  return tenantOf(coxswain.kubectl, namespace);
}

describe('three tiers in one Release', () => {
  const page = pageOf('three-tier');
  const secret = async (): Promise<string> =>
    tenantIn('shop').kubectl('get', 'secret', 'shop-db', '--output=jsonpath={.data}');
  /** All but its status, which may still change. */
  const database = async (): Promise<string> =>
    tenantIn('shop').kubectl(
      'get',
      'statefulset',
      'shop-db',
      '--output=jsonpath={.metadata.uid} {.metadata.generation} {.metadata.labels} {.metadata.annotations} {.spec}',
    );

  test('are Green together', async () => {
    await page.follow('Install it');
    const status = await page.follow('Install it', 1);
    for (const kind of ['Ingress', 'Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'PersistentVolumeClaim'])
      expect(status).toMatch(new RegExp(`${kind}\\S* .*Green`));
  });

  test('are changed without touching the database, and only as the schema allows', async () => {
    const before = [await secret(), await database()];
    expect(await page.follow('Change it')).toContain('spec.replicas');
    expect([await secret(), await database()]).toEqual(before);
    await page.follow('Change it', 1);
    expect((await tenantIn('shop').release('shop').histories()).length).toBe(2);
  });

  test('roll back from a version whose image cannot be pulled', async () => {
    await page.follow('When it breaks');
    await page.follow('When it breaks', 1);
    const { status } = await tenantIn('shop').release('shop').inForce(2);
    expect(status?.health).toBe('Green');
    expect((await tenantIn('shop').release('shop').histories()).map(({ spec }) => spec.version)).toEqual([1, 2, 3]);
  });

  test('are backed up, and leave their volumes behind when they are deleted', async () => {
    await page.follow('A backup now');
    const left = await page.follow('Remove it');
    expect(left).toMatch(/data-shop-db-0 +Bound/);
    expect(left).toMatch(/shop-backups +Bound/);
    expect(await tenantIn('shop').kubectl('get', 'deploy,sts,ds,cronjob,ingress', '--output=name')).toBe('');
  });
});

describe('Releases in a git repository', () => {
  const page = pageOf('gitops');
  const web = (): Tenant => tenantIn('web');
  const greeting = async (): Promise<string | undefined> => (await web().configMap('web'))?.['index.html'];
  const turns = (): number => readFileSync(join(folder, 'sync.log'), 'utf8').split('\ncommit ').length;

  test('are applied by a loop, with each commit becoming a version', async () => {
    await page.follow('A repository with a Release');
    await page.follow('The loop');
    await page.follow('The loop', 1);
    expect(await greeting()).toBe('<h1>First</h1>');
    await page.follow('A change');
    expect(await greeting()).toBe('<h1>Second</h1>');
  });

  test('stay at the version rolled back to while the loop runs, until there is another commit', async () => {
    await page.follow('A rollback that stays');
    const since = turns();
    await eventually(turns, (now) => now > since + 2);
    const status = await page.follow('A rollback that stays', 1);
    expect(status).toContain('<h1>First</h1>');
    expect((await web().release('web').get()).status).toMatchObject({ version: 1, leftContent: expect.anything() });
    await page.follow('A rollback that stays', 2);
    expect(await greeting()).toBe('<h1>Third</h1>');
  });

  test('are deleted when their file is', async () => {
    await page.follow('Remove it');
    expect(await web().kubectl('get', 'deployment', '--output=name')).toBe('deployment.apps/other\n');
    await page.follow('Remove it', 1);
  });
});

describe('a pipeline', () => {
  const page = pageOf('ci');
  const now = async (): Promise<string | undefined> =>
    (await tenantIn('ci').release('page').get()).status?.chart?.version;

  test('ends once what it pushed is running', async () => {
    await page.follow('A repository with a pipeline');
    await page.follow('A Release that follows');
    await page.follow('An account for the pipeline');
    await page.follow('From a tag to running pods');
    expect(await now()).toBe('1.0.0');
    await page.follow('From a tag to running pods', 1);
    expect(await now()).toBe('1.1.0');
    expect((await tenantIn('ci').configMap('page'))?.['index.html']).toBe('<h1>Good morning</h1>');
  });

  test('can do nothing in the cluster but read its Release', async () => {
    const as = ['--as=system:serviceaccount:ci:pipeline', '--namespace=ci'];
    const can = async (...what: string[]): Promise<string> =>
      (await coxswain.kubectl.attempt(['auth', 'can-i', ...as, ...what])).stdout.trim();
    expect(await can('watch', 'releases.coxswain.dev/page')).toBe('yes');
    const others = [
      ['watch', 'releases.coxswain.dev'],
      ['patch', 'releases.coxswain.dev/page'],
      ['get', 'secrets'],
      ['get', 'pods'],
    ];
    for (const what of others) expect({ what, can: await can(...what) }).toEqual({ what, can: 'no' });
  });

  test('refuses the tag of a chart that does not render', async () => {
    await page.follow('What does not work is not released');
    expect(await now()).toBe('1.1.0');
  });

  test('leaves nothing behind in the clone, nor does the loop', async () => {
    await page.follow('Remove it');
    expect(readdirSync(folder).filter((name) => !name.startsWith('.'))).toEqual(['docs', 'examples']);
  });
});

describe('a tenant with four stages', () => {
  const page = pageOf('tenants');
  const stages = ['dev', 'test', 'pre', 'prod'];
  const shop = async (stage: string): Promise<Release> => tenantIn(`acme-${stage}`).release('shop').get();

  test('has people with different rights in each', async () => {
    for (const block of [0, 1, 2, 3]) await page.follow('For the administrator', block);
  });

  test('deploys from a short specification, and rejects misspelt fields', async () => {
    await page.follow('From a short specification');
    await page.follow('From a short specification', 1);
    expect((await shop('dev')).status).toMatchObject({ version: 1, health: 'Green' });
  });

  test('promotes the same chart with other values, and nothing else', async () => {
    await page.follow('From stage to stage');
    await page.follow('From stage to stage', 1);
    const releases = await Promise.all(stages.map(shop));
    expect(new Set(releases.map(({ status }) => status?.chart?.digest)).size).toBe(1);
    expect(releases.map(({ status }) => status?.health)).toEqual(stages.map(() => 'Green'));
    const host = '--output=jsonpath={.spec.rules[*].host}';
    const hosts = stages.map(async (stage) => tenantIn(`acme-${stage}`).kubectl('get', 'ingress', 'shop', host));
    expect(new Set(await Promise.all(hosts)).size).toBe(stages.length);
  });

  test('is told which quota is used up, and rolls back', async () => {
    await page.follow('When the quota is used up');
    expect((await shop('dev')).status).toMatchObject({ health: 'Red', message: expect.stringContaining('quota') });
    await page.follow('When the quota is used up', 1);
    expect((await shop('dev')).status).toMatchObject({ version: 1, health: 'Green' });
  });
});

describe('a database of one pod', () => {
  const page = pageOf('mariadb-ha');
  const read = async (what: string, path: string): Promise<string> =>
    tenantIn('db').kubectl(
      'get',
      what,
      '--selector=app.kubernetes.io/instance=db',
      `--output=jsonpath={.items[*]${path}}`,
    );
  const kept = async (): Promise<string[]> => [
    await read('secret', '.data.password'),
    await read('persistentvolumeclaim', '.spec.volumeName'),
  ];
  let before: string[];

  test('recovers when its pod is lost, and when its node is drained', async () => {
    await page.follow('Install it');
    expect(await page.follow('Install it', 1)).toMatch(/^\w{20}$/);
    before = await kept();
    const pod = await read('pod', '.metadata.uid');
    await page.follow('Its pod is lost');
    expect(await read('pod', '.metadata.uid')).not.toBe(pod);
    const node = await read('pod', '.spec.nodeName');
    await page.follow('Its node is drained');
    expect(await read('pod', '.spec.nodeName')).not.toBe(node);
    expect(await kept()).toEqual(before);
  });

  test('keeps its password and its volume through an upgrade, and the volume when it is deleted', async () => {
    await page.follow('It is changed');
    expect(await kept()).toEqual(before);
    expect(await page.follow('Remove it')).toMatch(/^db +Bound/m);
  });
});

describe('blue and green by two Releases', () => {
  const page = pageOf('blue-green');
  const served = async (): Promise<string> => {
    const slices = ['get', 'endpointslices', '--selector=kubernetes.io/service-name=web'];
    return tenantIn('colours').kubectl(...slices, '--output=jsonpath={.items[*].endpoints[*].targetRef.name}');
  };
  const eventuallyServed = async (release: string): Promise<string> =>
    eventually(served, (pods) => pods.startsWith(`${release}-`));

  test('are switched when the other one is Green, and switched back', async () => {
    await page.follow('The first version');
    await eventuallyServed('web-blue');
    await page.follow('The next one beside it');
    expect(await served()).toMatch(/^web-blue-/);
    await page.follow('The next one beside it', 1);
    await eventuallyServed('web-green');
    await page.follow('Back');
    await eventuallyServed('web-blue');
  });

  test('are not switched to one that is Red', async () => {
    await page.follow('What is not ready is not switched to');
    await page.follow('What is not ready is not switched to', 1);
    expect(await served()).toMatch(/^web-blue-/);
  });
});

describe('a chart with Handlebars templates', () => {
  const page = pageOf('handlebars');

  test('is inspected, installed, changed and rolled back', async () => {
    expect(await page.follow('Look at it')).toContain('<h1>Hallo</h1>');
    expect(await page.follow('Install it')).toContain('<h1>Hallo</h1>');
    expect(await page.follow('Change it, and go back')).toContain('<h1>Moin</h1>');
    expect((await tenantIn('hello').configMap('hello'))?.['de.html']).toBe('<h1>Hallo</h1>');
  });
});

describe('the pages of the examples', () => {
  test.each([...pages])('of %s have no command that was not run', (_example, page) => {
    expect(page.notRun()).toEqual([]);
  });

  test('are all tested here', () => {
    const examples = readdirSync(join(ROOT, 'examples'));
    const withPage = examples.filter((name) => existsSync(join(ROOT, 'examples', name, 'README.md')));
    // The operator's commands are run on a real node: test/real-node/stories/operator.test.ts.
    expect([...pages.keys(), 'mysql-operator'].toSorted()).toEqual(withPage.toSorted());
  });
});
