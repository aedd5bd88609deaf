import { describe, expect, test } from '@jest/globals';
import {
  childrenHealth as childrenInSteps,
  type ChildrenHealth,
  type ChildrenHealthInput,
} from '../../../../controller/status/children-health.ts';
import type { InventoryEntry, ResourceStatus } from '../../../../crds/index.ts';
import { atOnce, yellow, type EventText, type KubeObject } from '../../../../resources/index.ts';

function entry(kind: string, name = 'x'): InventoryEntry {
  return { group: '', version: 'v1', kind, namespace: 'shop', name };
}

function live(kind: string, fields: Record<string, unknown> = {}, name = 'x'): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'shop', uid: `${kind}-uid` }, ...fields };
}

function inputOf(
  objects: KubeObject[],
  events: EventText[] = [],
  more: Partial<ChildrenHealthInput> = {},
): ChildrenHealthInput {
  return {
    live: ({ kind, name }) => objects.find((object) => object.kind === kind && object.metadata.name === name),
    hasStatus: () => true,
    pods: [],
    eventsAbout: () => events,
    now: 0,
    redAfterMs: 60_000,
    lastLineOf: () => undefined,
    checkOf: () => undefined,
    knownOf: () => undefined,
    ...more,
  };
}

function childrenHealth(inventory: InventoryEntry[], input: ChildrenHealthInput): ChildrenHealth {
  return atOnce(childrenInSteps(inventory, input));
}

const FIRST_CONSUMER: EventText = { type: 'Normal', reason: 'WaitForFirstConsumer', message: '' };
const CLAIM = live('PersistentVolumeClaim', { status: { phase: 'Pending' } });

describe('childrenHealth', () => {
  test('keeps the order of the inventory and reports what is missing', () => {
    const { resources } = childrenHealth([entry('Secret'), entry('ConfigMap')], inputOf([live('ConfigMap')]));
    expect(resources.map(({ kind, health, message }) => [kind, health, message])).toEqual([
      ['Secret', 'Yellow', 'not found'],
      ['ConfigMap', 'Green', undefined],
    ]);
  });

  test('asks for Events about unhealthy objects, and for all Events where a rule needs them', () => {
    const { eventSubjects } = childrenHealth(
      [entry('PersistentVolumeClaim'), entry('Service'), entry('ConfigMap')],
      inputOf([CLAIM, live('Service', { spec: { type: 'LoadBalancer' } }), live('ConfigMap')]),
    );
    expect(eventSubjects).toEqual([
      { kind: 'PersistentVolumeClaim', uid: 'PersistentVolumeClaim-uid', reads: 'all' },
      { kind: 'Service', uid: 'Service-uid', reads: 'warnings' },
    ]);
  });

  test('keeps asking for the Events that make an object healthy', () => {
    const { resources, eventSubjects } = childrenHealth(
      [entry('PersistentVolumeClaim')],
      inputOf([CLAIM], [FIRST_CONSUMER]),
    );
    expect(resources[0]?.health).toBe('Green');
    expect(eventSubjects).toHaveLength(1);
  });

  test('says when a health changes by time alone', () => {
    const cronJob = {
      ...live('CronJob', { status: { active: [{ name: 'x-00000010', uid: 'j' }] } }),
      apiVersion: 'batch/v1',
    };
    const inventory = [{ ...entry('CronJob'), group: 'batch' }];
    expect(childrenHealth(inventory, inputOf([cronJob])).changesAt).toBe(10 * 60_000 + 120_000);
    const late = childrenHealth(inventory, inputOf([cronJob], [], { now: 3_600_000 }));
    expect(late).toMatchObject({ changesAt: undefined, resources: [{ health: 'Yellow' }] });
    expect(late.resources[0]).not.toHaveProperty('changesAt');
  });

  test('takes a row as it is stored, where it says the same', () => {
    const inventory = [entry('ConfigMap', 'a'), entry('ConfigMap', 'b'), entry('Secret')];
    const stored: ResourceStatus[] = [
      { ...entry('ConfigMap', 'a'), health: 'Green' },
      { ...entry('ConfigMap', 'b'), health: 'Green', standby: true },
      { ...entry('Secret'), health: 'Yellow', message: 'something else' },
    ];
    const input = inputOf([live('ConfigMap', {}, 'a'), live('ConfigMap', {}, 'b')]);
    const { resources } = atOnce(childrenInSteps(inventory, input, stored));
    expect(resources).toEqual(childrenHealth(inventory, input).resources);
    expect(resources.map((row, index) => row === stored[index])).toEqual([true, false, false]);
  });

  test('lets others run after each child', () => {
    const steps = childrenInSteps([entry('Secret'), entry('ConfigMap')], inputOf([]));
    expect([steps.next().done, steps.next().done, steps.next().done]).toEqual([false, false, true]);
  });

  test('keeps the known health of a child until its check is evaluated, and says where there was none', () => {
    const pending = { ...yellow('not evaluated yet'), changesAt: 0, isPending: true as const };
    const input = inputOf([live('ConfigMap')], [], { checkOf: () => () => pending });
    const known = { ...entry('ConfigMap'), health: 'Red' as const, message: 'as before' };
    const inventory = [entry('ConfigMap')];
    expect(childrenHealth(inventory, { ...input, knownOf: () => known })).toMatchObject({
      resources: [known],
      changesAt: 0,
      isPartial: false,
    });
    expect(childrenHealth(inventory, input)).toMatchObject({
      resources: [{ health: 'Yellow', message: 'not evaluated yet' }],
      changesAt: 0,
      isPartial: true,
    });
  });
});
