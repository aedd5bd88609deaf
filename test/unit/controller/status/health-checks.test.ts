import { expect, test } from '@jest/globals';
import type { HealthCheck } from '../../../../crds/index.ts';
import { healthChecksOf } from '../../../../controller/status/health-checks.ts';
import type { KubeObject, Verdict } from '../../../../resources/index.ts';

const CHECK: HealthCheck = {
  apiVersion: 'mysql.example.dev/v1',
  kind: 'InnoDBCluster',
  green: 'status.online == spec.instances',
  yellow: 'status.online > 0',
  red: 'status.online == 0',
  message: 'string(status.online) + " of " + string(spec.instances) + " members are online"',
};
const REF = { group: 'mysql.example.dev', version: 'v2', kind: 'InnoDBCluster', namespace: 'shop', name: 'db' };

function cluster(status?: Record<string, unknown>): KubeObject {
  const rest = status === undefined ? {} : { status };
  return {
    apiVersion: 'mysql.example.dev/v2',
    kind: 'InnoDBCluster',
    metadata: { name: 'db' },
    spec: { instances: 3 },
    ...rest,
  };
}

function verdictOf(object: KubeObject, change: Partial<HealthCheck> = {}, ref = REF): Verdict | undefined {
  return healthChecksOf([{ ...CHECK, ...change }]).checkOf(ref)?.(object);
}

test.each<[string, Record<string, unknown> | undefined, Verdict]>([
  ['Green where all members are online', { online: 3 }, { health: 'Green' }],
  ['Yellow where some are', { online: 2 }, { health: 'Yellow', message: '2 of 3 members are online' }],
  ['Red where none is', { online: 0 }, { health: 'Red', message: '0 of 3 members are online' }],
  [
    'Yellow where there is no status',
    undefined,
    { health: 'Yellow', message: 'spec.healthChecks[0].green is not true: status.online == spec.instances' },
  ],
])('a child is %s', (_name, status, verdict) => {
  expect(verdictOf(cluster(status))).toEqual(verdict);
});

test('a check applies to the children of its group and kind, in any version, and with its name if it has one', () => {
  const given = cluster({ online: 3 });
  for (const change of [{ kind: 'Other' }, { apiVersion: 'v1' }, { name: 'other' }] as const)
    expect(verdictOf(given, change)).toBeUndefined();
  expect(verdictOf(given, { name: 'db' })).toEqual({ health: 'Green' });
});

test('without a green expression, what no expression decides is left to the rules', () => {
  const { green: _, yellow: __, ...red } = CHECK;
  const check = healthChecksOf([red]).checkOf(REF);
  expect(check?.(cluster({ online: 1 }))).toBeUndefined();
  expect(check?.(cluster({ online: 0 }))?.health).toBe('Red');
});

test('an invalid expression is reported with its place, and its children are Yellow', () => {
  const checks = healthChecksOf([CHECK, { ...CHECK, name: 'db', red: 'stats.x' }]);
  expect(checks.problem).toMatch(/^spec\.healthChecks\[1\]\.red: at character 1: there is no variable stats/);
  expect(verdictOf(cluster(), { red: 'stats.x' })).toEqual({
    health: 'Yellow',
    message: expect.stringContaining('no variable stats'),
  });
});

test('an expression without a value, or with another than true or false, makes a child Yellow', () => {
  expect(verdictOf(cluster({ online: 'x' }), { red: 'status.online < 1' })?.message).toBe(
    'spec.healthChecks[0].red: "<" takes no string and int',
  );
  expect(verdictOf(cluster({ online: 3 }), { red: 'status.online' })?.message).toBe(
    'spec.healthChecks[0].red is neither true nor false',
  );
  expect(verdictOf(cluster({ online: 0 }), { message: 'status.online' })?.message).toBe(
    'spec.healthChecks[0].red: status.online == 0',
  );
});

test('an expression that takes too many steps is reported, and children not evaluated yet are due again', () => {
  const list = Array.from({ length: 500 }, (_, index) => index);
  const costly = { red: 'status.list.all(a, status.list.all(b, true))' };
  const objects = Array.from({ length: 8 }, () => cluster({ list }));
  const evaluate = () => objects.map((object) => checks().checkOf(REF)?.(object));
  const checks = () => healthChecksOf([{ ...CHECK, ...costly }]);
  const pass = (): (Verdict | undefined)[] => {
    const { checkOf } = checks();
    return objects.map((object) => checkOf(REF)?.(object));
  };
  const first = pass();
  expect(first[0]?.message).toBe('spec.healthChecks[0].red: it takes too many steps');
  expect(first[7]).toEqual({
    health: 'Yellow',
    message: 'spec.healthChecks[0] is not evaluated yet',
    changesAt: 0,
    isPending: true,
  });
  const second = pass();
  expect(second[7]?.message).toBe('spec.healthChecks[0].red: it takes too many steps');
  expect(second).toEqual(evaluate());
});

test('a packed part of an object is decoded once, however often it is read', () => {
  let reads = 0;
  const given = Object.defineProperty(cluster(), 'status', {
    enumerable: true,
    get: () => {
      reads += 1;
      return { online: 1 };
    },
  });
  expect(verdictOf(given, { red: '[1, 2, 3, 4].exists(each, object.status.online == each + 9)' })?.health).toBe(
    'Yellow',
  );
  expect(reads).toBe(1);
});

test('the reason why a check has no value reveals nothing from a Secret', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, data: { password: 'aHVudGVyMg==' } };
  const check = { apiVersion: 'v1', kind: 'Secret', red: '"a".matches(object.data.password + "(")' };
  const ref = { group: '', version: 'v1', kind: 'Secret', namespace: 'shop', name: 'db' };
  expect(healthChecksOf([check]).checkOf(ref)?.(secret)).toEqual({
    health: 'Yellow',
    message: 'spec.healthChecks[0].red: what "matches" is given is no pattern',
  });
});
