import { describe, expect, test } from '@jest/globals';
import {
  desiredOf,
  inHookOrder,
  keyOf,
  keyOfObject,
  nextHookAction,
  withGeneratedName,
} from '../../../resources/index.ts';
import type { Hook, HookResult, HookAction, KubeObject } from '../../../resources/index.ts';
import { object, OWNER } from './objects.ts';

const RUN = '2.pre-upgrade';

function hook(title: string, weight = 0, deletePolicies: string[] = []): Hook {
  const made = desiredOf(object(title), OWNER, { namespaced: true });
  return { object: made, name: made.metadata.name, weight, deletePolicies };
}

/** A cluster that does what a hook step says, Jobs staying as they are until `finish` is called. */
class Cluster {
  readonly #objects = new Map<string, KubeObject>();
  readonly #hooks: Hook[];
  results: HookResult[] = [];
  #uid = 0;

  constructor(hooks: Hook[], ...objects: KubeObject[]) {
    this.#hooks = hooks;
    for (const item of objects) this.put(item);
  }

  put(item: KubeObject): void {
    this.#objects.set(keyOfObject(item), item);
  }

  remove(item: KubeObject): void {
    this.#objects.delete(keyOfObject(item));
  }

  finish(title: string, type: 'Complete' | 'Failed'): void {
    const live = [...this.#objects.values()].find(({ kind, metadata }) => `${kind}/${metadata.name}` === title);
    if (!live) throw new Error(`there is no ${title}`);
    const status =
      live.kind === 'Pod'
        ? { phase: type === 'Complete' ? 'Succeeded' : 'Failed' }
        : { conditions: [{ type, status: 'True', reason: 'Because', message: 'of it' }] };
    this.put({ ...live, status });
  }

  step(run = RUN): HookAction {
    const live = (ref: Parameters<typeof keyOf>[0]): KubeObject | undefined => this.#objects.get(keyOf(ref));
    return nextHookAction({ hooks: this.#hooks, run, results: this.results, live, pods: [], owner: OWNER });
  }

  /** Takes steps until one asks for patience or ends the run; returns what was done. */
  go(run = RUN): string[] {
    const log: string[] = [];
    for (let count = 0; count < 100; count++) {
      const step = this.step(run);
      log.push(this.#take(step));
      if (step.type === 'wait' || step.type === 'done' || step.type === 'failed') return log;
    }
    throw new Error(`no end: ${log.join(', ')}`);
  }

  #take(step: HookAction): string {
    switch (step.type) {
      case 'record': {
        const before = JSON.stringify(this.results);
        const news = step.results.filter((result) => !before.includes(JSON.stringify(result)));
        this.results = step.results;
        return `record ${news.map(({ name, phase }) => `${name} ${phase}`).join()}`;
      }
      case 'create':
        this.put({ ...step.object, metadata: { ...step.object.metadata, uid: `uid-${++this.#uid}` } });
        return `create ${step.ref.name}`;
      case 'delete':
        this.#objects.delete(keyOf(step.ref));
        return `delete ${step.ref.name}`;
      case 'expire':
        this.#objects.delete(keyOf(step.ref));
        return `expire ${step.ref.name}`;
      case 'wait':
        return `wait ${step.ref.name}`;
      case 'failed':
      case 'done':
        return step.type;
    }
  }
}

test('inHookOrder sorts by weight, then by name', () => {
  const hooks = [hook('Job/b', 5), hook('Job/c', -1), hook('ConfigMap/a', 5), hook('Job/d')];
  expect(inHookOrder(hooks).map((item) => item.object.metadata.name)).toEqual(['c', 'd', 'a', 'b']);
});

describe('nextHookAction', () => {
  test('nothing to run means done', () => {
    expect(new Cluster([]).step()).toEqual({ type: 'done' });
  });

  test('runs hooks one by one and awaits Jobs and Pods, but nothing else', () => {
    const cluster = new Cluster([hook('Pod/last', 9), hook('Job/second', 1), hook('ConfigMap/first', -5)]);
    expect(cluster.go()).toEqual([
      'create first',
      'record first Succeeded',
      'create second',
      'record second Running',
      'wait second',
    ]);
    cluster.finish('Job/second', 'Complete');
    expect(cluster.go()).toEqual(['record second Succeeded', 'create last', 'record last Running', 'wait last']);
    cluster.finish('Pod/last', 'Complete');
    expect(cluster.go()).toEqual(['record last Succeeded', 'done']);
    expect(cluster.go()).toEqual(['done']);
  });

  test('creates all items of a list before it awaits any, and continues when all have ended', () => {
    const listed = [hook('Job/a', 1), hook('ConfigMap/a-needs', 1), hook('Pod/b', 1)].map((item) => ({
      ...item,
      name: '',
      list: 4,
    }));
    const cluster = new Cluster([...listed, hook('ConfigMap/behind', 1)]);
    expect(cluster.go()).toEqual([
      'create a',
      'record a Running',
      'create a-needs',
      'record a-needs Succeeded',
      'create b',
      'record b Running',
      'wait a',
    ]);
    cluster.finish('Pod/b', 'Complete');
    expect(cluster.go()).toEqual(['record b Succeeded', 'wait a']);
    cluster.finish('Job/a', 'Complete');
    expect(cluster.go()).toEqual(['record a Succeeded', 'create behind', 'record behind Succeeded', 'done']);
  });

  test('ends a list with the first item that fails', () => {
    const listed = [hook('Job/a'), hook('Job/b')].map((item) => ({ ...item, name: '', list: 0 }));
    const cluster = new Cluster(listed);
    expect(cluster.go().at(-1)).toBe('wait a');
    cluster.finish('Job/b', 'Failed');
    expect(cluster.go()).toEqual(['record b Failed', 'failed']);
  });

  test('marks what it creates with the run', () => {
    const step = new Cluster([hook('Job/a')]).step();
    expect(step).toMatchObject({
      type: 'create',
      object: { metadata: { annotations: { 'coxswain.dev/hook-run': RUN } } },
    });
  });

  test('deletes an earlier run’s object first, which is the default policy', () => {
    const cluster = new Cluster([hook('Job/a')]);
    cluster.go('1.pre-upgrade');
    cluster.finish('Job/a', 'Complete');
    cluster.go('1.pre-upgrade');
    expect(cluster.go()).toEqual(['delete a', 'create a', 'record a Running', 'wait a']);
  });

  test('waits until that object is deleted', () => {
    const { object: old } = hook('Job/a');
    const going = { ...old, metadata: { ...old.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(new Cluster([hook('Job/a')], going).step()).toMatchObject({ type: 'wait' });
  });

  test('fails, like a create by Helm, if the policy does not let it delete that object', () => {
    const cluster = new Cluster([hook('Job/a', 0, ['hook-succeeded'])], hook('Job/a').object);
    expect(cluster.go()).toEqual(['record a Failed', 'failed']);
    expect(cluster.step()).toMatchObject({ type: 'failed', message: expect.stringContaining('before-hook-creation') });
  });

  test('never deletes an object that is not the Release’s, nor a CustomResourceDefinition', () => {
    const foreign = object('Job/a', {}, { namespace: 'shop' });
    expect(new Cluster([hook('Job/a')], foreign).go()).toEqual(['record a Failed', 'failed']);
    const definition = hook('CustomResourceDefinition/a', 0, ['before-hook-creation', 'hook-succeeded']);
    expect(new Cluster([definition], definition.object).go()).toEqual(['record a Failed', 'failed']);
    expect(new Cluster([definition]).go()).toEqual(['create a', 'record a Succeeded', 'done']);
  });

  test('deletes by hook-succeeded when all have succeeded, the last one first', () => {
    const policy = ['before-hook-creation', 'hook-succeeded'];
    const cluster = new Cluster([hook('ConfigMap/a', 0, policy), hook('ConfigMap/b', 1), hook('Job/c', 2, policy)]);
    expect(cluster.go().at(-1)).toBe('wait c');
    cluster.finish('Job/c', 'Complete');
    expect(cluster.go()).toEqual(['record c Succeeded', 'delete c', 'delete a', 'done']);
    expect(cluster.go()).toEqual(['done']);
  });

  test('a failure ends it, with hook-failed for the failed hook and hook-succeeded for those before', () => {
    const hooks = [
      hook('ConfigMap/a', 0, ['hook-succeeded']),
      hook('ConfigMap/kept', 1, ['hook-failed']),
      hook('Job/c', 2, ['hook-failed']),
      hook('Job/never', 3),
    ];
    const cluster = new Cluster(hooks);
    cluster.go();
    cluster.finish('Job/c', 'Failed');
    expect(cluster.go()).toEqual(['record c Failed', 'delete c', 'delete a', 'failed']);
    expect(cluster.go()).toEqual(['failed']);
    expect(cluster.step()).toEqual({ type: 'failed', message: 'hook Job/c: Because: of it', isRemoved: false });
  });

  test('after a restart, a hook that exists from this run is not created again', () => {
    const cluster = new Cluster([hook('Job/a')]);
    expect(cluster.step().type).toBe('create');
    cluster.go();
    cluster.results = [];
    expect(cluster.go()).toEqual(['record a Running', 'wait a']);
    cluster.finish('Job/a', 'Complete');
    cluster.results = [];
    expect(cluster.go()).toEqual(['record a Succeeded', 'done']);
  });

  test('a hook deleted during its run has failed, one deleted after it has not', () => {
    const cluster = new Cluster([hook('Job/a')]);
    cluster.go();
    cluster.remove(hook('Job/a').object);
    expect(cluster.go()).toEqual(['record a Failed', 'failed']);
    cluster.results = cluster.results.map((result) => ({ ...result, phase: 'Succeeded' }));
    expect(cluster.go()).toEqual(['done']);
  });

  test('results of other runs are kept and ignored', () => {
    const cluster = new Cluster([hook('ConfigMap/a')]);
    cluster.results = [{ run: 'other', kind: 'ConfigMap', name: 'a', phase: 'Failed' }];
    expect(cluster.go()).toEqual(['create a', 'record a Succeeded', 'done']);
    expect(cluster.results).toHaveLength(2);
  });

  test('hooks with the same name run one after the other', () => {
    const cluster = new Cluster([hook('Job/a', 0), hook('Job/a', 1)]);
    expect(cluster.go()).toEqual(['create a', 'record a Running', 'wait a']);
    cluster.finish('Job/a', 'Complete');
    expect(cluster.go()).toEqual(['record a Succeeded', 'delete a', 'create a', 'record a Running', 'wait a']);
    cluster.finish('Job/a', 'Complete');
    expect(cluster.go()).toEqual(['record a Succeeded', 'done']);
  });

  test('a Job gets its time to live once its end is recorded', () => {
    const mortal = object('Job/a', { spec: { ttlSecondsAfterFinished: 0 } });
    const made = desiredOf(mortal, OWNER, { namespaced: true });
    const cluster = new Cluster([{ object: made, name: 'a', weight: 0, deletePolicies: [] }]);
    const creation = cluster.step();
    expect(creation.type === 'create' && creation.object['spec']).toEqual({});
    expect(cluster.go()).toEqual(['create a', 'record a Running', 'wait a']);
    cluster.finish('Job/a', 'Complete');
    expect(cluster.go()).toEqual(['record a Succeeded', 'expire a', 'done']);
  });

  test('a generated name is the same throughout an attempt, and found again after a restart', () => {
    const { metadata, ...rest } = object('Job/a');
    const nameless = { ...rest, metadata: { ...metadata, name: '', generateName: 'a-' } } as KubeObject;
    const made = desiredOf(nameless, OWNER, { namespaced: true });
    const nameIn = (attempt: string): string => withGeneratedName(made, attempt).metadata.name;
    expect(nameIn('1.pre-install')).toMatch(/^a-[0-9a-f]{5}$/);
    expect(nameIn('1.pre-install')).toBe(nameIn('1.pre-install'));
    expect(nameIn('1.pre-install')).not.toBe(nameIn('2.pre-upgrade'));
  });

  test('reports that somebody deleted what failed, other than by its own policy', () => {
    const isRemoved = (policies: string[], title: 'Job/a' | 'Pod/a'): boolean | undefined => {
      const cluster = new Cluster([hook(title, 0, policies)]);
      cluster.go();
      cluster.finish(title, 'Failed');
      cluster.go();
      cluster.remove(hook(title).object);
      const step = cluster.step();
      return step.type === 'failed' ? step.isRemoved : undefined;
    };
    expect(isRemoved([], 'Job/a')).toBe(true);
    expect(isRemoved(['hook-failed'], 'Job/a')).toBe(false);
    expect(isRemoved([], 'Pod/a')).toBe(false);
  });

  test('does not count a failed Job with an expired time to live as deleted, or it would run again and again', () => {
    const mortal = desiredOf(object('Job/a', { spec: { ttlSecondsAfterFinished: 60 } }), OWNER, { namespaced: true });
    const cluster = new Cluster([{ object: mortal, name: 'a', weight: 0, deletePolicies: [] }]);
    cluster.go();
    cluster.finish('Job/a', 'Failed');
    expect(cluster.go()).toContain('expire a');
    cluster.remove(mortal);
    expect(cluster.step()).toMatchObject({ type: 'failed', isRemoved: false });
  });

  test('reports the cause of a wait, and what holds up a deletion', () => {
    const cluster = new Cluster([hook('Job/a')]);
    cluster.go();
    expect(cluster.step()).toMatchObject({ health: { health: 'Yellow', message: expect.stringContaining('Job/a: ') } });
    const { object: old } = hook('Job/a');
    const deletionTimestamp = '2026-01-01T00:00:00Z';
    const held = { ...old, metadata: { ...old.metadata, deletionTimestamp, finalizers: ['example.com/slow'] } };
    const message = 'Job/a: is being deleted, held by the finalizers example.com/slow';
    expect(new Cluster([hook('Job/a')], held).step()).toMatchObject({ type: 'wait', health: { message } });
  });
});
