import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Release } from '../../../../crds/index.ts';
import { eventually } from '../../../support/eventually.ts';
import { conditionOf, type ReleaseView } from '../../../support/cluster/installation.ts';
import { DATABASE, EXPRESSIONS } from '../../../support/objects/cel-expressions.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

const GROUP = 'mysql.example.dev';
const PRESERVE = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** As the operator of MySQL reports its clusters. */
const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `innodbclusters.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: { kind: 'InnoDBCluster', plural: 'innodbclusters' },
    versions: [
      { name: 'v2', served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema: PRESERVE } },
    ],
  },
};

/** Green: serving, with all members. Yellow: serving, and members are missing. Red: not serving. */
const CHECK = {
  apiVersion: `${GROUP}/v2`,
  kind: 'InnoDBCluster',
  green: 'status.cluster.status == "ONLINE" && status.cluster.onlineInstances >= spec.instances',
  yellow: 'status.cluster.status in ["ONLINE", "ONLINE_PARTIAL", "ONLINE_UNCERTAIN", "INITIALIZING", "PENDING"]',
  red: 'status.cluster.status in ["OFFLINE", "NO_QUORUM", "SPLIT_BRAIN", "UNKNOWN"]',
  message:
    '"the cluster is " + status.cluster.status + ": " + string(status.cluster.onlineInstances) + " of " + string(spec.instances) + " members are online"',
};

const CHART = {
  name: 'mysql',
  templates: {
    'cluster.yaml': `apiVersion: ${GROUP}/v2\nkind: InnoDBCluster\nmetadata: {name: db}\nspec: {instances: 3}\n`,
  },
};

const coxswain = story();
let tenant: Tenant;

beforeAll(async () => {
  await coxswain.define(DEFINITION);
});

describe('a cluster of MySQL', () => {
  let db: ReleaseView;

  beforeAll(async () => {
    tenant = await coxswain.tenant();
    await tenant.grant('*', `innodbclusters.${GROUP}`);
    db = await tenant.apply('db', await coxswain.push(CHART), { healthChecks: [CHECK] });
  });

  test('is Yellow before its operator has seen it', async () => {
    const { status } = await db.until((release) => release.status?.operation?.phase === 'Done');
    expect(status).toMatchObject({ health: 'Yellow', message: expect.stringContaining('spec.healthChecks[0].green') });
  });

  test.each([
    ['PENDING', 0, 'Yellow'],
    ['ONLINE', 3, 'Green'],
    ['ONLINE_PARTIAL', 2, 'Yellow'],
    ['NO_QUORUM', 1, 'Red'],
    ['ONLINE', 3, 'Green'],
  ])('that is %s with %i members is %s', async (status, onlineInstances, colour) => {
    await report(status, onlineInstances);
    const words = `InnoDBCluster/db: the cluster is ${status}: ${onlineInstances} of 3 members are online`;
    const found = await db.until((release) => isTold(release, colour, words));
    expect(conditionOf(found, 'Ready')?.status).toBe(colour === 'Green' ? 'True' : 'False');
  });

  test('whose check cannot be parsed stalls the Release with the position of the error, and nothing else; once corrected, it is ready', async () => {
    await db.patch({ healthChecks: [{ ...CHECK, green: 'status.cluster.status = "ONLINE"' }] });
    const { message } = await db.failed('HealthCheckInvalid');
    expect(message).toMatch(/^spec\.healthChecks\[0\]\.green: at character 23: "=" does not belong/);
    const { status } = await db.get();
    expect(status).toMatchObject({ version: 1, health: 'Yellow', operation: { phase: 'Done' } });
    await db.patch({ healthChecks: [CHECK] });
    await db.ready();
    expect(await db.histories()).toHaveLength(1);
  });

  test('whose check is too expensive costs others nothing, and is reported', async () => {
    const list = '[' + Array.from({ length: 200 }, (_, index) => index).join(',') + ']';
    await db.patch({ healthChecks: [{ ...CHECK, red: `${list}.all(a, ${list.slice(0, 40)}].all(b, b >= 0))` }] });
    await db.until(({ status }) => status?.message?.includes('takes too many steps') === true);
  });

  test('whose message the API server would not accept is reported without the offending characters', async () => {
    const message = '"cut \\ud83d, turned \\u202e, next \\u0085 and 🚀"';
    await db.patch({ healthChecks: [{ ...CHECK, red: 'true', message }] });
    const words = 'InnoDBCluster/db: cut �, turned �, next � and 🚀';
    await db.until((release) => isTold(release, 'Red', words));
  });

  async function report(status: string, onlineInstances: number): Promise<void> {
    const patch = JSON.stringify({ status: { cluster: { status, onlineInstances } } });
    await tenant.kubectl('patch', 'innodbcluster', 'db', '--subresource=status', '--type=merge', `--patch=${patch}`);
  }
});

test('an expression has the same value in the API server as here', async () => {
  const there = await coxswain.tenant();
  // Of a kind without a status of its own, so that an object is created with one.
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: PRESERVE } }];
  await coxswain.define({
    ...DEFINITION,
    metadata: { name: 'databases.example.dev' },
    spec: { group: 'example.dev', scope: 'Namespaced', names: { kind: 'Database', plural: 'databases' }, versions },
  });
  const validations = EXPRESSIONS.map(([expression, value]) => ({
    expression: `(${expression.replace(/\/\/.*/, '')}) == ${JSON.stringify(value)}`,
    message: `not so: ${expression.replaceAll(/\s+/g, ' ')}`,
  }));
  const [object, refused] = [DATABASE, { ...DATABASE, spec: { ...DATABASE.spec, instances: 4 } }].map(
    (given, index) => ({ ...given, metadata: { ...given.metadata, name: `db-${index}`, namespace: there.namespace } }),
  );
  const resourceRules = [{ apiGroups: ['example.dev'], apiVersions: ['v1'], resources: ['*'], operations: ['CREATE'] }];
  const admission = { apiVersion: 'admissionregistration.k8s.io/v1', metadata: { name: 'as-here' } };
  await coxswain.kubectl.apply(
    { ...admission, kind: 'ValidatingAdmissionPolicy', spec: { matchConstraints: { resourceRules }, validations } },
    {
      ...admission,
      kind: 'ValidatingAdmissionPolicyBinding',
      spec: { policyName: 'as-here', validationActions: ['Deny'] },
    },
  );
  const create = async (given: unknown): Promise<string> => {
    const options = { input: JSON.stringify(given) };
    const { stdout, stderr } = await coxswain.kubectl.attempt(['create', '--dry-run=server', '--filename=-'], options);
    return `${stdout}${stderr}`;
  };
  // Once it is known to be asked, what it lets pass is so.
  await eventually(
    async () => create(refused),
    (answer) => expect(answer).toContain('not so: object.spec.instances == 3'),
  );
  expect(await create(object)).toMatch(/created \(server dry run\)/);
});

function isTold({ status }: Release, colour: string, words: string): boolean {
  return status?.health === colour && (colour === 'Green' || status.message === words);
}
