import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { conditionOf, releaseOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';
import { eventually } from '../../../support/eventually.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { webChart } from '../../../support/charts/web-chart.ts';

// A tool applies the manifest in git again and again, as Flux (server-side, forced) and Argo CD (client-side) do, while a person goes back.

const A = { greeting: 'a', nested: { only: 'in a', both: 1 } };
const B = { greeting: 'b', nested: { both: 2 } };
const C = { greeting: 'c' };

const AGAIN_MS = 300;
/** Long enough for several applies, and for passes after them. */
const A_WHILE_MS = 4_000;

const coxswain = story();
let tenant: Tenant;
let web: ReleaseView;
let chart: StoredChart;
let tool: ReturnType<typeof startTool> | undefined;

beforeEach(async () => {
  tenant = await coxswain.tenant();
  web = tenant.release('web');
  chart = await coxswain.push(webChart());
});

afterEach(async () => tool?.stop());

describe.each([
  ['server-side, forced', ['apply', '--server-side', '--force-conflicts', '--field-manager=kustomize-controller']],
  ['client-side', ['apply']],
])('a manifest that is applied again and again, %s', (_how, command) => {
  test('does not undo a rollback, keeps nothing of it, and goes forward when asked or when it changes', async () => {
    const apply = async (values: object): Promise<void> => applied(command, values);
    await apply(A);
    await web.inForce(1);
    tool = startTool(apply, B);
    await web.inForce(2);

    await web.patch({ version: 1 });
    const back = await untilSaid(/has the content of version 2, which was rolled back: version 1 stays/);
    expect(conditionOf(back, 'Ready')).toMatchObject({ status: 'True', reason: 'RollbackSucceeded' });
    await sleep(A_WHILE_MS);
    const held = await web.get();
    expect(held.status).toMatchObject({ version: 1, health: 'Green' });
    expect(held.spec).toMatchObject({ version: 1, values: B });
    expect(held.spec.values).toEqual(B);
    expect(await tenant.configMap('web')).toMatchObject({ greeting: 'a' });
    expect(await web.histories()).toHaveLength(2);

    await web.patch({ version: 2 });
    const forward = await web.inForce(2);
    expect(forward.status?.leftContent).toBeUndefined();
    expect(await tenant.configMap('web')).toMatchObject({ greeting: 'b' });

    await web.patch({ version: 1 });
    await untilSaid(/version 1 stays in force; to go forward, set spec.version to 2/);
    await tool.stop();
    tool = startTool(apply, C);
    const third = await web.inForce(3);
    await eventually(
      async () => web.get(),
      ({ spec }) => JSON.stringify(spec.values) === JSON.stringify(C),
    );
    expect(third.status?.leftContent).toBeUndefined();
    expect(await tenant.configMap('web')).toMatchObject({ greeting: 'c' });
    await sleep(A_WHILE_MS);
    expect((await web.histories()).map(({ spec }) => spec.version)).toEqual([1, 2, 3]);
    expect((await web.get()).spec.values).toEqual(C);
  });

  test('and now leaves out what the rollback restored makes a version without it', async () => {
    await applied(command, A);
    await web.inForce(1);
    await applied(command, B);
    await web.inForce(2);
    await web.patch({ version: 1 });
    expect((await web.inForce(1)).spec.values).toEqual(A);
    await applied(command, C);
    expect((await web.inForce(3)).spec.values).toEqual(C);
  });
});

test('a failed version that was rolled back does not return, and outside data still makes versions', async () => {
  const command = ['apply', '--server-side', '--force-conflicts', '--field-manager=kustomize-controller'];
  const valuesFrom = [{ kind: 'ConfigMap', name: 'inputs' }];
  const input = async (tag: string): Promise<void> =>
    tenant.kubectl.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'inputs', namespace: tenant.namespace },
      data: { 'values.yaml': `tag: "${tag}"` },
    });
  await input('1');
  await applied(command, A, { valuesFrom });
  await web.inForce(1);
  await applied(command, B, { valuesFrom });
  await web.inForce(2);
  const { registry, name } = chart;
  const missing = { valuesFrom, chart: { registry, name, version: '9.9.9' } };
  await applied(command, A, missing);
  await web.failed('ChartVersionNotFound');
  await web.patch({ version: 1 });
  await web.inForce(1);
  await input('2');
  await web.inForce(3);
  await applied(command, A, missing);
  await untilSaid(/has the content that was rolled back: version 3 stays in force; to go forward, change the content/);
  await sleep(1_000);
  expect((await web.get()).status).toMatchObject({ version: 3, health: 'Green' });
});

test('after a rollback, an edit of one field continues from the version rolled back to', async () => {
  await applied(['apply'], A);
  await web.inForce(1);
  await applied(['apply'], B);
  await web.inForce(2);
  await web.patch({ version: 1 });
  await web.inForce(1);
  await web.patch({ values: { greeting: 'edited' } });
  expect((await web.inForce(3)).spec.values).toEqual({ ...A, greeting: 'edited' });
});

async function applied(command: string[], values: object, spec: Record<string, unknown> = {}): Promise<void> {
  const input = JSON.stringify(releaseOf(tenant.namespace, 'web', chart, { ...spec, values }));
  const { code, stderr } = await tenant.kubectl.attempt([...command, '--filename=-'], { input });
  expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
}

async function untilSaid(message: RegExp): ReturnType<ReleaseView['get']> {
  return web.until(({ status }) => message.test(status?.message ?? ''));
}

/** Applies the same values again and again until it is stopped. */
function startTool(apply: (values: object) => Promise<void>, values: object): { stop: () => Promise<void> } {
  let isStopped = false;
  const run = async (): Promise<void> => {
    while (!isStopped) {
      await apply(values);
      await sleep(AGAIN_MS);
    }
  };
  const running = run();
  return {
    stop: async () => {
      isStopped = true;
      await running;
    },
  };
}
