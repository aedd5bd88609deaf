import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { HookObject } from '../../../../chart-renderer/index.ts';
import type { VersionRecord } from '../../../../records/index.ts';
import type { Observed } from '../../../../controller/pass/observed.ts';
import { desiredState, type Desired } from '../../../../controller/plan/desired.ts';
import {
  CLUSTER_SCOPE_ALLOWED,
  CLUSTER_SCOPE_LABEL,
  RELEASE_LABEL,
  RELEASE_NAMESPACE_LABEL,
} from '../../../../crds/index.ts';
import type { ApiResource } from '../../../../kube/index.ts';
import { refOf, type KubeObject } from '../../../../resources/index.ts';
import { object } from '../../resources/objects.ts';
import { content, release } from '../releases.ts';

type Services = Parameters<typeof desiredState>[0];

/** All that a desired state may depend on beside the record and its Release. */
interface Question {
  readonly served: readonly string[];
  readonly verbs: string[];
  readonly isClusterScopeAllowed: boolean;
  /** The Release that the Release is a child of. */
  readonly parent: string | undefined;
  readonly ofUnserved: 'refuse' | 'set aside';
}

const gadgets = (name: string, kind: string): KubeObject => {
  const names = { kind, plural: `${kind.toLowerCase()}s` };
  const spec = { group: 'example.dev', scope: 'Namespaced', names, versions: [{ name: 'v1', served: true }] };
  return object(`CustomResourceDefinition/${name}`, { spec });
};

const OBJECTS: readonly KubeObject[] = [
  object('ConfigMap/a', { data: { a: '1' } }),
  object('ClusterRole/a'),
  object('Gadget/a'),
  { ...object('Gizmo/a'), apiVersion: 'example.dev/v1' },
  ...['web', 'above'].map((name) => ({ ...object(`Release/${name}`), apiVersion: 'coxswain.dev/v1alpha1' })),
  gadgets('gadgets.example.dev', 'Gadget'),
];
/** Two of one name too, as a chart may have them, whatever the API server says of it. */
const DEFINITIONS = [gadgets('gadgets.example.dev', 'Gadget'), gadgets('gadgets.example.dev', 'Gizmo')];
const KINDS = [...new Set(OBJECTS.map(({ kind }) => kind))];
const OF_CLUSTER_SCOPE = ['ClusterRole', 'CustomResourceDefinition'];

const records = fc
  .record({
    objects: fc.subarray([...OBJECTS], { maxLength: 2 }),
    hooks: fc.subarray([...OBJECTS], { maxLength: 1 }),
    crds: fc.subarray(DEFINITIONS),
  })
  .map(({ objects, hooks, crds }): VersionRecord => ({
    content: content('a'),
    values: {},
    objects: objects.map(sourced),
    hooks: hooks.map(hookOf),
    crds: crds.map(sourced),
  }));

const cluster = {
  served: fc.subarray(KINDS),
  verbs: fc.subarray(['get', 'patch'], { minLength: 1 }),
  isClusterScopeAllowed: fc.boolean(),
  parent: fc.constantFrom(undefined, 'above'),
  ofUnserved: fc.constantFrom('refuse' as const, 'set aside' as const),
};
/** A question, and the same again with a part of it changed. */
const questions = fc
  .tuple(
    fc.record(cluster) as fc.Arbitrary<Question>,
    fc.array(fc.oneof(...eachOf(cluster)), { minLength: 1, maxLength: 6 }),
  )
  .map(([first, changes]) => [first, ...changes.map((change) => ({ ...first, ...change }))]);

test('whatever a cluster serves and allows in whatever order, the result is that for a record seen for the first time', async () => {
  await fc.assert(
    fc.asyncProperty(records, questions, async (record, asked) => {
      for (const question of asked) {
        const [known, anew] = [await answerTo(question, record), await answerTo(question, { ...record })];
        expect(known).toEqual(anew);
      }
    }),
    { numRuns: 300 },
  );
});

const QUESTION: Question = {
  served: KINDS,
  verbs: ['get'],
  isClusterScopeAllowed: true,
  parent: undefined,
  ofUnserved: 'refuse',
};
const RECORD: VersionRecord = { content: content('a'), values: {}, objects: [], hooks: [], crds: [] };

test('of two definitions with one name, those whose kind is not served count', async () => {
  const record = { ...RECORD, crds: DEFINITIONS.map(sourced) };
  const defined = async (kind: string): Promise<unknown> => {
    const desired = await answerTo({ ...QUESTION, served: KINDS.filter((one) => one !== kind) }, record);
    return (desired as Desired).definitions.map(({ object: { spec } }) => (spec as { names: object }).names);
  };
  expect(await defined('Gadget')).toEqual([{ kind: 'Gadget', plural: 'gadgets' }]);
  expect(await defined('Gizmo')).toEqual([{ kind: 'Gizmo', plural: 'gizmos' }]);
});

test('the result for a record is reused while the cluster is the same', async () => {
  const record = { ...RECORD, objects: OBJECTS.slice(0, 1).map(sourced) };
  const first = await answerTo(QUESTION, record);
  expect(first).toHaveProperty('objects.length', 1);
  expect(await answerTo(QUESTION, record)).toBe(first);
});

/** The desired state, or the refusals. */
function answerTo(question: Question, record: VersionRecord): Promise<unknown> {
  return desiredState(servicesOf(question), observedIn(question), record, question.ofUnserved).catch(String);
}

/** What each makes, as the only field of an object. */
function eachOf(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Partial<Question>>[] {
  return Object.entries(fields).map(([name, field]) => field.map((value) => ({ [name]: value })));
}

function sourced(of: KubeObject): { object: KubeObject; source: string } {
  return { object: of, source: 'app/templates/a.yaml' };
}

function hookOf(of: KubeObject): HookObject {
  const { kind, metadata } = of;
  return { ...sourced(of), kind, name: metadata.name, events: ['pre-install'], weight: 0, deletePolicies: [] };
}

function observedIn({ parent }: Question): Observed {
  const labels = { [RELEASE_LABEL]: `${parent}`, [RELEASE_NAMESPACE_LABEL]: 'shop' };
  return { release: release({}, undefined, parent === undefined ? {} : { labels }) } as Observed;
}

function servicesOf({ served, verbs, isClusterScopeAllowed }: Question): Services {
  const labels = isClusterScopeAllowed ? { [CLUSTER_SCOPE_LABEL]: CLUSTER_SCOPE_ALLOWED } : {};
  return {
    discovery: {
      resourceFor: async (apiVersion, kind): Promise<ApiResource | undefined> => {
        const { group, version } = refOf({ apiVersion, kind, metadata: { name: '' } });
        const resource = { group, version, kind, plural: `${kind.toLowerCase()}s`, verbs };
        return served.includes(kind) ? { ...resource, namespaced: !OF_CLUSTER_SCOPE.includes(kind) } : undefined;
      },
    },
    namespaces: { get: () => object('Namespace/shop', {}, { labels }) },
    releases: { get: (_, name) => release({}, undefined, { name }) },
  };
}
