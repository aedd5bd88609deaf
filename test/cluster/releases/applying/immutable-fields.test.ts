import { beforeAll, describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../../resources/index.ts';
import { IMMUTABLE_FIELDS, type FieldChange } from '../../../support/objects/immutable-fields.ts';
import type { StoredChart } from '../../../support/charts/registry.ts';
import { eventually } from '../../../support/eventually.ts';
import type { ReleaseView } from '../../../support/cluster/installation.ts';
import { story } from '../../../support/cluster/story.ts';
import type { Tenant } from '../../../support/cluster/tenant.ts';

// Each change of a field that the API server does not change: the object is deleted and created again, or the Release says why not.

const coxswain = story();

/** Any object, by a Release's values; in one state or another. */
const ANY = '{{ toYaml (ternary .Values.after .Values.before .Values.isAfter) }}';

let chart: StoredChart;

beforeAll(async () => {
  chart = await coxswain.push({ name: 'any', values: 'isAfter: false\n', templates: { 'any.yaml': ANY } });
});

async function liveIn(tenant: Tenant, { kind, metadata: { name } }: KubeObject): Promise<KubeObject> {
  return tenant.kubectl.json('get', kind, name);
}

async function uidsOf(tenant: Tenant, kind: string): Promise<string[]> {
  const { items } = await tenant.kubectl.json<{ items: KubeObject[] }>('get', kind);
  return items.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).toSorted();
}

/** The pods of one object: those of others that were deleted before may still be on their way out. */
async function podsOf(tenant: Tenant, { metadata: { name } }: KubeObject): Promise<string[]> {
  return (await uidsOf(tenant, 'pods')).filter((pod) => pod.startsWith(`${name}-`));
}

describe('by default', () => {
  let tenant: Tenant;

  beforeAll(async () => {
    tenant = await coxswain.tenant({ rights: 'trusted' });
  });

  test.each(IMMUTABLE_FIELDS.filter(({ outcome }) => outcome === 'created again'))(
    '$title: the object is recreated, and nothing else is lost',
    async ({ before, after }) => {
      const { release, uid, pods, claims } = await installed(tenant, { before, after });
      await release.patch({ values: { isAfter: true } });
      const { status } = await release.until(({ status: found }) => found?.version === 2);
      const live = await liveIn(tenant, after);
      expect(live.metadata.uid).not.toBe(uid);
      expect(live.metadata.deletionTimestamp).toBeUndefined();
      expect(status?.resources).toHaveLength(1);
      expect(await uidsOf(tenant, 'pvc')).toEqual(claims);
      if (after.kind === 'StatefulSet') expect(await podsOf(tenant, after)).toEqual(pods);
      const isTold = (lines: string): boolean => lines.includes(`${after.kind}/${after.metadata.name}: deleted`);
      await eventually(() => eventsOf(tenant, 'Recreated'), isTold);
      await release.delete();
    },
  );

  test.each(IMMUTABLE_FIELDS.filter(({ outcome }) => outcome === 'refused'))(
    '$title: the object stays, and the Release says what is in the way and what to set',
    async ({ before, after }) => {
      const { release, uid, claims } = await installed(tenant, { before, after });
      await release.patch({ values: { isAfter: true } });
      const { message } = await release.failed('ApplyFailed');
      const { kind, name } = { kind: after.kind, name: after.metadata.name };
      expect(message).toContain(`${kind}/${name}: `);
      expect(message).toContain('(field is immutable)');
      const advice =
        kind === 'CustomResourceDefinition' ? 'never deleted' : `allowRecreate: [{kind: ${kind}, name: ${name}}]`;
      expect(message).toContain(advice);
      const live = await liveIn(tenant, after);
      expect(live.metadata).toMatchObject({ uid });
      expect(live.metadata.deletionTimestamp).toBeUndefined();
      expect(await uidsOf(tenant, 'pvc')).toEqual(claims);
      await release.patch({ version: 1 });
      await release.until(({ status }) => status?.version === 1 && status.operation?.phase === 'Done');
      expect((await liveIn(tenant, after)).metadata.uid).toBe(uid);
      await release.delete();
    },
  );
});

interface Installed {
  release: ReleaseView;
  uid: string | undefined;
  pods: string[];
  claims: string[];
}

/** A Release of the object as it is before, and what there is then. */
async function installed(
  tenant: Tenant,
  { before, after }: Pick<FieldChange, 'before' | 'after'>,
  spec: Record<string, unknown> = {},
): Promise<Installed> {
  const { name } = before.metadata;
  const release = await tenant.apply(name, chart, { values: { before, after }, ...spec });
  await release.until(({ status }) => status?.version === 1 && status.operation?.phase === 'Done');
  const { uid } = (await liveIn(tenant, before)).metadata;
  if (before.kind === 'StatefulSet') await release.ready();
  return { release, uid, pods: await podsOf(tenant, before), claims: await uidsOf(tenant, 'pvc') };
}

async function eventsOf(tenant: Tenant, reason: string): Promise<string> {
  return tenant.kubectl('get', 'events', `--field-selector=reason=${reason}`, '--output=jsonpath={.items[*].message}');
}

function rowOf(title: string): FieldChange {
  const row = IMMUTABLE_FIELDS.find((change) => change.title === title);
  if (!row) throw new Error(`no row ${title}`);
  return row;
}

describe('with', () => {
  let tenant: Tenant;

  beforeAll(async () => {
    tenant = await coxswain.tenant({ rights: 'trusted' });
  });

  test('recreate: Never, nothing is deleted until it is set to Safe, and then at once', async () => {
    const row = rowOf('data of an immutable ConfigMap');
    const { release, uid } = await installed(tenant, row, { recreate: 'Never' });
    await release.patch({ values: { isAfter: true } });
    const { message } = await release.failed('ApplyFailed');
    expect(message).toContain('data cannot be changed (field is immutable)');
    expect(message).toContain('spec.recreate is Never');
    expect((await liveIn(tenant, row.before)).metadata.uid).toBe(uid);
    await release.patch({ recreate: 'Safe' });
    await release.inForce(2);
    expect(await tenant.configMap(row.before.metadata.name)).toEqual({ a: '2' });
    // The way back is the same one.
    await release.patch({ version: 1 });
    await release.inForce(1);
    expect(await tenant.configMap(row.before.metadata.name)).toEqual({ a: '1' });
    expect(await release.histories()).toHaveLength(2);
  });

  test('allowRecreate, a named object is recreated, and its pods and claims stay', async () => {
    const row = rowOf('less storage for claims of a StatefulSet');
    const { kind, metadata } = row.before;
    const { release, uid, pods, claims } = await installed(tenant, row);
    await release.patch({ values: { isAfter: true } });
    await release.failed('ApplyFailed');
    await release.patch({ allowRecreate: [{ kind: 'Deployment', name: metadata.name }] });
    await release.failed('ApplyFailed');
    expect((await liveIn(tenant, row.before)).metadata.uid).toBe(uid);
    await release.patch({ allowRecreate: [{ kind, name: metadata.name }] });
    await release.inForce(2);
    expect((await liveIn(tenant, row.before)).metadata.uid).not.toBe(uid);
    expect(await uidsOf(tenant, 'pvc')).toEqual(claims);
    expect(await podsOf(tenant, row.before)).toEqual(pods);
  });

  test('helm.sh/resource-policy: keep, an object is not deleted, whatever is allowed', async () => {
    const row = rowOf('clusterIP of a Service');
    const kept = (object: KubeObject): KubeObject => ({
      ...object,
      metadata: { ...object.metadata, annotations: { 'helm.sh/resource-policy': 'keep' } },
    });
    const [before, after] = [kept(row.before), kept(row.after)];
    const allowRecreate = [{ kind: 'Service', name: before.metadata.name }];
    const { release, uid } = await installed(tenant, { before, after }, { allowRecreate });
    await release.patch({ values: { isAfter: true } });
    const { message } = await release.failed('ApplyFailed');
    expect(message).toContain('resource-policy: keep');
    expect((await liveIn(tenant, before)).metadata.uid).toBe(uid);
  });

  test('a policy that forbids creating it, an object is not deleted', async () => {
    const row = rowOf('type of a Secret');
    const name = `no-other-${tenant.namespace}`;
    const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] };
    const API = 'admissionregistration.k8s.io/v1';
    await coxswain.kubectl.apply(
      {
        apiVersion: API,
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name },
        spec: {
          failurePolicy: 'Fail',
          matchConstraints: { resourceRules: [rule] },
          validations: [{ expression: "object.type != 'example.com/other'", message: 'not that type' }],
        },
      },
      {
        apiVersion: API,
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name },
        spec: {
          policyName: name,
          validationActions: ['Deny'],
          matchResources: {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': tenant.namespace } },
          },
        },
      },
    );
    const probe = async (): Promise<string> => {
      const args = ['create', 'secret', 'generic', 'probe', '--type=example.com/other', '--dry-run=server'];
      return tenant.kubectl(...args).catch(String);
    };
    await eventually(probe, (answer) => answer.includes('not that type'));
    const { release, uid } = await installed(tenant, row);
    await release.patch({ values: { isAfter: true } });
    const { message } = await release.failed('ApplyFailed');
    expect(message).toContain('could not be created again');
    expect((await liveIn(tenant, row.before)).metadata.uid).toBe(uid);
  });
});

describe('claims of a StatefulSet that are to grow', () => {
  const sized = (storage: string): KubeObject => {
    const { before } = rowOf('serviceName of a StatefulSet');
    const spec = before['spec'] as Record<string, unknown>;
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } };
    return {
      ...before,
      metadata: { name: 'db' },
      spec: { ...spec, replicas: 2, volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }] },
    };
  };
  const sizes = async (tenant: Tenant): Promise<string> =>
    tenant.kubectl('get', 'pvc', '--output=jsonpath={.items[*].spec.resources.requests.storage}');
  const allowExpansion = async (isAllowed: boolean): Promise<void> => {
    const patch = `--patch=${JSON.stringify({ allowVolumeExpansion: isAllowed })}`;
    await coxswain.kubectl('patch', 'storageclass', 'kwok-volume', '--type=merge', patch);
  };

  test('keep their size where their storage class does not allow expansion, with the reason', async () => {
    await allowExpansion(false);
    const tenant = await coxswain.tenant();
    const { release, uid, claims } = await installed(tenant, { before: sized('1Gi'), after: sized('3Gi') });
    await release.patch({ values: { isAfter: true } });
    const { message } = await release.failed('ApplyFailed');
    expect(message).toMatch(/PersistentVolumeClaim\/data-db-0 cannot grow to 3Gi: .*resize/);
    expect((await liveIn(tenant, sized('1Gi'))).metadata.uid).toBe(uid);
    expect(await uidsOf(tenant, 'pvc')).toEqual(claims);
    expect(await sizes(tenant)).toBe('1Gi 1Gi');
    await allowExpansion(true);
    await release.patch({ interval: '11m' });
    await release.inForce(2);
    expect(await sizes(tenant)).toBe('3Gi 3Gi');
    expect(await uidsOf(tenant, 'pvc')).toEqual(claims);
  });

  test('grow where it does while pods keep running; a claim that is already larger is left alone', async () => {
    await allowExpansion(true);
    const tenant = await coxswain.tenant();
    const { release, uid, pods, claims } = await installed(tenant, { before: sized('1Gi'), after: sized('3Gi') });
    const patch = `--patch=${JSON.stringify({ spec: { resources: { requests: { storage: '4Gi' } } } })}`;
    await tenant.kubectl('patch', 'pvc', 'data-db-1', '--type=merge', patch);
    await release.patch({ values: { isAfter: true } });
    await release.inForce(2);
    expect((await liveIn(tenant, sized('3Gi'))).metadata.uid).not.toBe(uid);
    expect(await podsOf(tenant, sized('3Gi'))).toEqual(pods);
    expect(await uidsOf(tenant, 'pvc')).toEqual(claims);
    expect(await sizes(tenant)).toBe('3Gi 4Gi');
  });
});
