import { describe, expect, test } from '@jest/globals';
import { CHART, DIGEST, useDefinitions } from './definitions.ts';

const crds = useDefinitions();

function release(spec: Record<string, unknown>, name = 'web'): object {
  return { apiVersion: 'coxswain.dev/v1alpha1', kind: 'Release', metadata: { name, namespace: crds.namespace }, spec };
}

/** A spec that renews generated values. */
function renewing(...renew: object[]): Record<string, unknown> {
  return { chart: CHART, generatedValues: { renew } };
}

/** What `kubectl get releases` prints, by line and column. */
async function columns(...flags: string[]): Promise<string[][]> {
  const text = await crds.kubectl('get', 'releases', '--namespace', crds.namespace, ...flags);
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
}

describe('a Release', () => {
  test.each<[string, Record<string, unknown>]>([
    ['a chart from a registry', { chart: CHART }],
    ['a range', { chart: { ...CHART, version: '>=6.0.0 <7.0.0 || ^8' } }],
    [
      'the newest version, from a classic repository',
      { chart: { registry: 'https://charts.example:8443/a', name: 'x' } },
    ],
    ['a digest and credentials', { chart: { ...CHART, digest: DIGEST, secretRef: { name: 'pull' } } }],
    ['an inline chart', { chart: { inline: 'H4sIAAAA' } }],
    ['cosign keys', { chart: { ...CHART, verify: { provider: 'Cosign', secretRef: { name: 'keys' } } } }],
    [
      'a keyring, for a classic repository',
      {
        chart: {
          registry: 'https://charts.example',
          name: 'x',
          verify: { provider: 'Helm', configMapRef: { name: 'keys' } },
        },
      },
    ],
    ['values of any shape', { chart: CHART, values: { a: { b: [1, 'x', null, { c: 1.5 }] }, 'd.e': true } }],
    [
      'everything',
      {
        chart: CHART,
        valuesFrom: [
          { kind: 'ConfigMap', name: 'a' },
          { kind: 'Secret', name: 'b.c', key: 'password', targetPath: 'auth.users[0].pass\\.word', optional: true },
        ],
        generatedValues: {
          time: 'Kept',
          renew: [
            { path: '*', token: '2026-01' },
            { path: 'web/templates/a.yaml', policy: 'OnNewToken', token: '2' },
            { path: 'web/templates/job.yaml', policy: 'EveryVersion' },
          ],
        },
        version: 3,
        serviceAccountName: 'deployer',
        suspend: true,
        approval: 'Manual',
        approvedPlan: DIGEST,
        interval: '1h30m',
        timeout: '1.5m',
        redAfter: '90s',
        historyLimit: 1,
      },
    ],
  ])('may have %s', async (_name, spec) => {
    expect(await crds.check(release(spec))).toMatchObject({ code: 0 });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no chart', {}, 'spec.chart: Required'],
    ['a dependency of half a kind', { chart: CHART, dependsOn: [{ kind: 'Gadget', name: 'g' }] }, 'go together'],
    [
      'an expression for a Release',
      { chart: CHART, dependsOn: [{ name: 'db', ready: 'true' }] },
      'condition and ready need apiVersion and kind',
    ],
    [
      'two ways to be ready',
      {
        chart: CHART,
        dependsOn: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', condition: 'Ready', ready: 'true' }],
      },
      'use one',
    ],
    ['another approval', { chart: CHART, approval: 'Never' }, 'spec.approval: Unsupported value'],
    ['a plan that is not a digest', { chart: CHART, approvedPlan: 'sha256:1' }, 'spec.approvedPlan: Invalid value'],
    ['an empty chart', { chart: {} }, 'exactly one of them'],
    ['a registry without a name', { chart: { registry: CHART.registry } }, 'registry and name must be set together'],
    ['a name without a registry', { chart: { name: 'podinfo' } }, 'registry and name must be set together'],
    ['a registry and an inline chart', { chart: { ...CHART, inline: 'H4sI' } }, 'exactly one of them'],
    ['a version for an inline chart', { chart: { inline: 'H4sI', version: '1.0.0' } }, 'not for an inline chart'],
    [
      'a signature of an inline chart',
      { chart: { inline: 'H4sI', verify: { provider: 'Helm', secretRef: { name: 'keys' } } } },
      'an inline chart has no signature',
    ],
    [
      'cosign for a classic repository',
      {
        chart: {
          registry: 'https://charts.example',
          name: 'x',
          verify: { provider: 'Cosign', secretRef: { name: 'keys' } },
        },
      },
      'use the provider Helm',
    ],
    ['no keys', { chart: { ...CHART, verify: { provider: 'Cosign' } } }, 'exactly one of them'],
    [
      'keys in two places',
      { chart: { ...CHART, verify: { provider: 'Cosign', secretRef: { name: 'a' }, configMapRef: { name: 'a' } } } },
      'exactly one of them',
    ],
    [
      'keys of another namespace',
      { chart: { ...CHART, verify: { provider: 'Cosign', secretRef: { name: 'a', namespace: 'b' } } } },
      'unknown field "spec.chart.verify.secretRef.namespace"',
    ],
    [
      'another provider',
      { chart: { ...CHART, verify: { provider: 'notation', secretRef: { name: 'a' } } } },
      'spec.chart.verify.provider',
    ],
    ['an inline chart that is not base64', { chart: { inline: 'not base64!' } }, 'spec.chart.inline'],
    ['plain HTTP', { chart: { ...CHART, registry: 'http://charts.example' } }, 'spec.chart.registry'],
    ['a file', { chart: { ...CHART, registry: 'file:///etc/passwd' } }, 'spec.chart.registry'],
    [
      'a password in the address',
      { chart: { ...CHART, registry: 'https://me:secret@charts.example' } },
      'spec.chart.registry',
    ],
    ['a name that climbs', { chart: { ...CHART, name: '../other' } }, 'spec.chart.name'],
    ['a version that climbs', { chart: { ...CHART, version: '1.0/../..' } }, 'spec.chart.version'],
    ['another digest', { chart: { ...CHART, digest: 'md5:abc' } }, 'spec.chart.digest'],
    ['a field that does not exist', { chart: { ...CHART, repo: 'x' } }, 'unknown field "spec.chart.repo"'],
    ['version 0', { chart: CHART, version: 0 }, 'spec.version'],
    ['no history', { chart: CHART, historyLimit: 0 }, 'spec.historyLimit'],
    ['an interval without a unit', { chart: CHART, interval: '10' }, 'spec.interval'],
    ['a negative timeout', { chart: CHART, timeout: '-5s' }, 'spec.timeout'],
    ['an endless interval', { chart: CHART, interval: '999999999h' }, 'at most 24h'],
    ['a busy interval', { chart: CHART, interval: '10ms' }, 'at least 5s'],
    ['a wait of less than a second until Red', { chart: CHART, redAfter: '10ms' }, 'spec.redAfter'],
    ['a very long duration', { chart: CHART, timeout: '9'.repeat(400) }, 'spec.timeout'],
    [
      'another’s service account',
      { chart: CHART, serviceAccountName: '../../kube-system:admin' },
      'spec.serviceAccountName',
    ],
    ['no service account', { chart: CHART, serviceAccountName: '' }, 'spec.serviceAccountName'],
    ['values from a Pod', { chart: CHART, valuesFrom: [{ kind: 'Pod', name: 'a' }] }, 'spec.valuesFrom[0].kind'],
    [
      'values of another namespace',
      { chart: CHART, valuesFrom: [{ kind: 'Secret', name: 'a', namespace: 'b' }] },
      'unknown field',
    ],
    [
      'a path of another language',
      { chart: CHART, valuesFrom: [{ kind: 'Secret', name: 'a', targetPath: '$.a | b' }] },
      'targetPath',
    ],
    ['a renewal without a token', renewing({ path: '*' }), 'OnNewToken, the default policy, needs a token'],
    ['an empty token', renewing({ path: '*', token: '' }), 'spec.generatedValues.renew[0].token'],
    [
      'a token for every version',
      renewing({ path: '*', policy: 'EveryVersion', token: '1' }),
      'a token is for the policy OnNewToken',
    ],
    ['another policy', renewing({ path: '*', policy: 'Always' }), 'spec.generatedValues.renew[0].policy'],
    ['a renewal of nothing', renewing({ token: '1' }), 'spec.generatedValues.renew[0].path: Required'],
    ['a path that ends in a slash', renewing({ path: 'web/templates/', token: '1' }), 'not end in a slash'],
    [
      'a path twice',
      renewing({ path: '*', token: '1' }, { path: '*', policy: 'EveryVersion' }),
      'spec.generatedValues.renew[1]: Duplicate value',
    ],
    ['other times', { chart: CHART, generatedValues: { time: 'Frozen' } }, 'spec.generatedValues.time'],
    ['values that are a list', { chart: CHART, values: [] }, 'spec.values'],
    [
      'too many sources',
      { chart: CHART, valuesFrom: Array.from({ length: 33 }, (_, i) => ({ kind: 'Secret', name: `s${i}` })) },
      'valuesFrom',
    ],
  ])('may not have %s', async (_name, spec, words) => {
    const { code, stderr } = await crds.check(release(spec));
    expect(code).toBe(1);
    expect(stderr).toContain(words);
  });

  test('has a name of at most 53 characters', async () => {
    expect(await crds.check(release({ chart: CHART }, 'a'.repeat(53)))).toMatchObject({ code: 0 });
    expect((await crds.check(release({ chart: CHART }, 'a'.repeat(54)))).stderr).toContain('at most 53 characters');
  });

  test('gets its defaults, keeps its status in a subresource, and has columns', async () => {
    await crds.kubectl.apply(release({ chart: CHART, valuesFrom: [{ kind: 'Secret', name: 'a' }] }));
    const created = await crds.kubectl.json<{ spec: unknown }>('get', 'rel', 'web', '--namespace', crds.namespace);
    expect(created.spec).toEqual({
      chart: CHART,
      valuesFrom: [{ kind: 'Secret', name: 'a', key: 'values.yaml' }],
      serviceAccountName: 'default',
      approval: 'Automatic',
      suspend: false,
      interval: '10m',
      timeout: '5m',
      redAfter: '1m',
      hooks: 'Run',
      adopt: 'Never',
      drift: 'Repair',
      crds: 'Create',
      recreate: 'Safe',
      schemaValidation: 'Run',
      historyLimit: 10,
    });
    const transition = { observedGeneration: 1, lastTransitionTime: '2026-01-01T00:00:00Z' };
    const status = {
      version: 2,
      health: 'Red',
      followed: { range: '^6.0.0' },
      message: 'Deployment/web: broken',
      chart: { name: 'podinfo', version: '6.7.1', digest: DIGEST },
      conditions: [{ type: 'Ready', status: 'False', reason: 'Unhealthy', message: 'x', ...transition }],
    };
    const flags = ['--namespace', crds.namespace, '--type=merge', `--patch=${JSON.stringify({ status })}`];
    await crds.kubectl('patch', 'rel', 'web', ...flags, '--subresource=status');
    expect(await columns()).toEqual([
      ['NAME', 'CHART', 'CHART VERSION', 'VERSION', 'HEALTH', 'READY', 'REASON', 'AGE'],
      ['web', 'podinfo', '6.7.1', '2', 'Red', 'False', 'Unhealthy', expect.any(String)],
    ]);
    const [heads = [], cells = []] = await columns('--output=wide');
    expect(heads.slice(-4)).toEqual(['AGE', 'PLAN', 'FOLLOWS', 'MESSAGE']);
    expect(cells.slice(-2)).toEqual(['^6.0.0', 'Deployment/web: broken']);
    const red = ['get', 'releases.coxswain.dev', '--namespace', crds.namespace, '--output=name', '--field-selector'];
    expect(await crds.kubectl(...red, 'status.health=Red')).toContain('web');
    expect(await crds.kubectl(...red, 'status.health=Green')).toBe('');
  });
});

describe('kubectl explain', () => {
  interface Schema {
    description?: string;
    properties?: Record<string, Schema>;
    items?: Schema;
  }

  /** The fields without a description. */
  function undescribed(schema: Schema, path: string): string[] {
    const children = Object.entries({ ...schema.properties, ...schema.items?.properties });
    return children.flatMap(([name, child]) => {
      const here = path === '' && name === 'metadata' ? [] : undescribed(child, `${path}.${name}`);
      return child.description === undefined && name !== 'metadata' ? [`${path}.${name}`, ...here] : here;
    });
  }

  test.each(['releases', 'releasehistories', 'releasepreviews'])(
    'has a description for every field of %s',
    async (name) => {
      const crd = await crds.kubectl.json<{ spec: { versions: { schema: { openAPIV3Schema: Schema } }[] } }>(
        'get',
        'crd',
        `${name}.coxswain.dev`,
      );
      const schema = crd.spec.versions[0]?.schema.openAPIV3Schema ?? {};
      expect(schema.properties).toHaveProperty('spec');
      expect(undescribed(schema, '')).toEqual([]);
    },
  );

  test('explains what a chart is', async () => {
    const text = await crds.kubectl('explain', 'release.spec.chart');
    for (const words of ['Either', 'registry', 'inline', 'A packaged chart', 'oci://host/path'])
      expect(text).toContain(words);
  });
});
