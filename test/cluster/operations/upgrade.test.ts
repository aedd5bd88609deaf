import { beforeAll, expect, test } from '@jest/globals';
import type { Release } from '../../../crds/index.ts';
import { appChart } from '../../support/charts/app-chart.ts';
import { chartOf, configMap, hookJob } from '../../support/charts/hook-charts.ts';
import { countedWhenQuiet, describeRequest, markAudit, untilQuiet } from '../../support/cluster/audit.ts';
import { installCoxswain } from '../../support/cluster/controller.ts';
import type { AuditedRequest, ReleaseView } from '../../support/cluster/installation.ts';
import { describeWithPrevious } from '../../support/cluster/previous.ts';
import { story } from '../../support/cluster/story.ts';
import type { Tenant } from '../../support/cluster/tenant.ts';

// From the state that was published before to this one and back, with Releases in every situation: docs/operations.md promises that nothing
// changes by that, and that everything goes on.

const PASSWORD = `apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}-password}
stringData: {password: {{ randAlphaNum 20 | quote }}, value: {{ .Values.value | quote }}}
`;

describeWithPrevious('beside the previous state', (previous) => {
  const coxswain = story({ root: previous });
  let tenant: Tenant;
  /** With hooks, servers and a disk. */
  let app: ReleaseView;
  /** Three versions with a password that was generated for the first. */
  let kept: ReleaseView;
  /** Two versions, and back at the first. */
  let returned: ReleaseView;
  /** Suspended, with an edit that was made since. */
  let suspended: ReleaseView;
  /** Its second version waits for a hook that does not end. */
  let hooked: ReleaseView;
  /** Its second version waits for approval. */
  let planned: ReleaseView;

  beforeAll(async () => {
    tenant = await coxswain.tenant();
    const endless = hookJob({ name: 'endless', events: 'pre-upgrade', image: 'example.com/hook:broken' });
    const [withHooks, simple, withPassword, withEndless] = await Promise.all([
      coxswain.push(appChart()),
      coxswain.push(chartOf('simple', [configMap('{{ .Release.Name }}', 'value')], 'value: one\n')),
      coxswain.push(chartOf('password', [PASSWORD], 'value: one\n')),
      coxswain.push(chartOf('endless', [configMap('{{ .Release.Name }}', 'value'), endless], 'value: one\n')),
    ]);
    app = await tenant.apply('app', withHooks);
    kept = await tenant.apply('kept', withPassword);
    returned = await tenant.apply('returned', simple);
    suspended = await tenant.apply('suspended', simple);
    hooked = await tenant.apply('hooked', withEndless);
    planned = await tenant.apply('planned', simple, { approval: 'Manual' });
    for (const release of [app, kept, returned, suspended, hooked]) await release.inForce(1);
    await approve();
    await planned.inForce(1);

    for (const release of [kept, returned, hooked, planned]) await release.patch({ values: { value: 'two' } });
    await suspended.patch({ suspend: true, values: { value: 'two' } });
    await Promise.all([kept.inForce(2), returned.inForce(2)]);
    await Promise.all([kept.patch({ values: { value: 'three' } }), returned.patch({ version: 1 })]);
    await Promise.all([
      kept.inForce(3),
      returned.inForce(1),
      planned.until(({ status }) => status?.plan !== undefined),
    ]);
    await hooked.until(({ status }) => status?.operation?.phase === 'Before');
    await untilQuiet(coxswain.controlPlane);
  });

  test('the upgrade changes nothing, and operations that are under way go on', async () => {
    await unchangedBy(async () => moveTo());
    await hooked.patch({ version: 1 });
    await approve();
    await Promise.all([hooked.inForce(1), planned.inForce(2)]);
  });

  test('a Release goes to versions that the previous state has recorded, and on from them', async () => {
    const password = await passwordOf('kept');
    await Promise.all([
      kept.patch({ version: 1 }),
      returned.patch({ version: 2 }),
      suspended.patch({ suspend: false }),
    ]);
    await Promise.all([kept.inForce(1), returned.inForce(2), suspended.inForce(2)]);
    await Promise.all([kept.patch({ values: { value: 'four' } }), app.patch({ values: { tag: '2' } })]);
    await Promise.all([kept.inForce(4), app.inForce(2)]);
    expect(await passwordOf('kept')).toBe(password);
  });

  test('going back to the previous controller changes nothing, with the definitions of this state', async () => {
    await unchangedBy(async () => coxswain.restart({ root: previous }));
  });

  test('nor does going back to the previous definitions', async () => {
    await unchangedBy(async () => moveTo(previous));
  });

  test('the previous state goes to versions that this one has recorded, and on from them', async () => {
    await Promise.all([kept.patch({ version: 3 }), app.patch({ version: 1 })]);
    await Promise.all([kept.inForce(3), app.inForce(1)]);
    await Promise.all([
      kept.patch({ version: 4 }),
      app.patch({ version: 2 }),
      returned.patch({ values: { value: 'three' } }),
    ]);
    await Promise.all([kept.inForce(4), app.inForce(2), returned.inForce(3)]);
  });

  /** Installs this state, or another one, as an administrator does, and waits until its controller has seen everything. */
  async function moveTo(root?: string): Promise<void> {
    await installCoxswain(coxswain.controlPlane, root);
    await coxswain.restart(root === undefined ? {} : { root });
  }

  /** Whatever else it writes of a status than the words, would be seen. */
  async function unchangedBy(move: () => Promise<unknown>): Promise<void> {
    await untilQuiet(coxswain.controlPlane);
    const before = await told();
    const mark = await markAudit(coxswain.controlPlane, { namespace: tenant.namespace });
    await move();
    const requests = await countedWhenQuiet('coxswain', mark);
    expect(requests.filter(isWriteOfObject).map(describeRequest)).toEqual([]);
    expect(await told()).toEqual(before);
  }

  function isWriteOfObject({ verb, requestURI, objectRef }: AuditedRequest): boolean {
    const { resource, subresource, apiGroup } = objectRef ?? {};
    const isQuestion = requestURI.includes('dryRun=All') || apiGroup === 'authorization.k8s.io';
    const isStatus = resource === 'releases' && subresource === 'status';
    return !['get', 'list'].includes(verb) && !isQuestion && !isStatus;
  }

  /** What the Releases say, except in words. */
  async function told(): Promise<object> {
    const { items } = await tenant.kubectl.json<{ items: Release[] }>('get', 'releases', '--output=json');
    return items.map(({ metadata: { name, generation }, status = {} }) => {
      const { version, health, operation, plan, resources = [], conditions = [] } = status;
      const verdicts = conditions.map((found) => [found.type, found.status, found.reason, found.lastTransitionTime]);
      const children = resources.map(({ kind, name: child }) => `${kind}/${child}`);
      return { name, generation, version, health, operation, plan: plan?.digest, children, verdicts };
    });
  }

  async function approve(): Promise<void> {
    const { status } = await planned.until(({ status }) => status?.plan !== undefined);
    await planned.patch({ approvedPlan: status?.plan?.digest });
  }

  async function passwordOf(name: string): Promise<string> {
    return tenant.kubectl('get', 'secret', `${name}-password`, '--output=jsonpath={.data.password}');
  }
});
