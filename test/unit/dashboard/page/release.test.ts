import { describe, expect, test } from '@jest/globals';
import type { ContainerView, EventRow, FieldChange, TreeNode } from '../../../../dashboard/api/index.ts';
import { editOf } from '../../../../dashboard/page/actions/edit-of.ts';
import { diffOfPlan } from '../../../../dashboard/page/actions/plan-diff.ts';
import { KEPT_LINES, NO_LOG, ended, linesWith, withText } from '../../../../dashboard/page/logs/log-lines.ts';
import { nextAfter } from '../../../../dashboard/page/logs/next-reading.ts';
import { sourceOf } from '../../../../dashboard/page/logs/source.ts';
import { eventsWith } from '../../../../dashboard/page/release/event-filter.ts';
import { stepsOf } from '../../../../dashboard/page/release/steps.ts';
import { linesOf, moveBy } from '../../../../dashboard/page/release/tree/shown-lines.ts';
import { nodesWith, podsIn, withAll, withSeen } from '../../../../dashboard/page/release/tree/tree-state.ts';

const node = (
  id: string,
  health: TreeNode['health'],
  children: TreeNode[] = [],
  more: Partial<TreeNode> = {},
): TreeNode => ({
  id,
  kind: 'Deployment',
  name: id,
  health,
  children,
  ...more,
});

const container = (name: string, health: TreeNode['health'], init = false): ContainerView => ({
  name,
  image: 'i',
  init,
  health,
  state: 'Running',
  restarts: 0,
  restartedAt: [],
});

describe('the tree', () => {
  const pod = node('pod', 'Red', [], { kind: 'Pod' });
  const tree = node('root', 'Red', [node('bad', 'Red', [pod]), node('good', 'Green', [node('below', 'Green')])]);
  const openIn = (state: ReadonlyMap<string, boolean>): string[] =>
    [...state].filter(([, isOpen]) => isOpen).map(([id]) => id);

  test('is at first open down to whatever is not Green', () => {
    expect(openIn(withSeen(new Map(), tree))).toEqual(['root', 'bad']);
  });

  test('stays as it is while it is being read, even when something turns Red', () => {
    const state = new Map(withSeen(new Map(), tree)).set('bad', false);
    const turned = node('root', 'Red', [node('bad', 'Red', [pod]), node('good', 'Red', [node('below', 'Red')])]);
    expect(openIn(withSeen(state, turned))).toEqual(['root']);
  });

  test('opens trouble in a node that had no children before', () => {
    const bare = node('root', 'Red', [node('bad', 'Red'), node('good', 'Green')]);
    expect(openIn(withSeen(withSeen(new Map(), bare), tree))).toEqual(['root', 'bad']);
  });

  test('can be opened and closed as a whole', () => {
    expect(openIn(withAll(tree, true))).toHaveLength(5);
    expect(openIn(withAll(tree, false))).toEqual(['root']);
  });

  test('can be reduced to what is not Green', () => {
    expect(nodesWith(tree, '', true)?.children.map(({ id }) => id)).toEqual(['bad']);
    expect(nodesWith(node('root', 'Green', [node('good', 'Green')]), '', true)).toBeNull();
    expect(nodesWith(node('root', 'Green', [node('bad', 'Yellow')]), '', true)?.children).toHaveLength(1);
  });

  test('can be searched, also for what its containers are and why it is not Green', () => {
    const found = (text: string, onlyTrouble = false): string[] => {
      const shown = nodesWith(tree, text, onlyTrouble);
      return shown === null ? [] : linesOf(shown, withAll(shown, true)).map(({ key }) => key);
    };
    expect(found('POD deployment/')).toEqual([]);
    expect(found('pod/')).toEqual(['root', 'bad', 'pod']);
    expect(found('deployment/below')).toEqual(['root', 'good', 'below']);
    expect(found('below', true)).toEqual([]);
    const ill = node('p', 'Red', [], { cause: 'no such image', containers: [container('web', 'Red')] });
    for (const text of ['IMAGE such', 'web', 'running']) expect(nodesWith(ill, text, false)).not.toBeNull();
  });

  describe('as lines', () => {
    const web = node('web', 'Red', [], {
      kind: 'Pod',
      containers: [container('app', 'Red'), container('log', 'Green')],
    });
    const whole = node('root', 'Red', [node('one', 'Green', [node('deep', 'Green')]), web]);
    const lines = linesOf(whole, withSeen(new Map(), whole));
    const at = (key: string): number => lines.findIndex((line) => line.key === key);
    const told = (from: string, key: string): string | undefined => {
      const move = moveBy(key, lines, at(from));
      return typeof move === 'number' ? lines[move]?.key : move;
    };

    test('says of each how deep it is, and which of how many', () => {
      expect(lines.map(({ key, level, position, siblings }) => `${key} ${level} ${position}/${siblings}`)).toEqual([
        'root 1 1/1',
        'one 2 1/2',
        'web 2 2/2',
        'web app 3 1/2',
        'web log 3 2/2',
      ]);
      expect(lines.map(({ isOpen }) => isOpen)).toEqual([true, false, true, undefined, undefined]);
    });

    test('says a cause where it arises and, above, only what is new', () => {
      const ill = { ...container('app', 'Red'), cause: 'back-off 10s' };
      const why = 'container app: CrashLoopBackOff: back-off 10s; its log ends: no such table';
      const pod = node('web-1', 'Red', [], { kind: 'Pod', containers: [ill], cause: why });
      const more = { cause: `0 of 1 is ready; pod web-1 ${why}` };
      const root = node('root', 'Red', [node('web', 'Red', [pod], more), node('good', 'Green', [], { cause: 'fine' })]);
      const causesIn = (isOpen: ReadonlyMap<string, boolean>) =>
        Object.fromEntries(linesOf(root, isOpen).map(({ key, cause }) => [key, cause]));
      const said = { web: '0 of 1 is ready', 'web-1': 'its log ends: no such table', good: undefined };
      expect(causesIn(withAll(root, true))).toMatchObject(said);
      expect(causesIn(withAll(root, false))).toMatchObject({ web: more.cause });
      expect(causesIn(new Map(withAll(root, true)).set('web-1', false))).toMatchObject({ 'web-1': why });
    });

    test.each([
      ['root', 'ArrowDown', 'one'],
      ['root', 'ArrowUp', 'root'],
      ['web log', 'ArrowDown', 'web log'],
      ['web', 'ArrowUp', 'one'],
      ['web', 'Home', 'root'],
      ['one', 'End', 'web log'],
      ['one', 'ArrowRight', 'toggle'],
      ['web', 'ArrowRight', 'web app'],
      ['web app', 'ArrowRight', undefined],
      ['web', 'ArrowLeft', 'toggle'],
      ['one', 'ArrowLeft', 'root'],
      ['web log', 'ArrowLeft', 'web'],
      ['one', ' ', 'toggle'],
      ['web app', 'Enter', 'follow'],
      ['web', 'x', undefined],
    ])('at %s, the key %s leads to %s', (from, key, to) => {
      expect(told(from, key)).toBe(to);
    });
  });

  test('lists its pods wherever they are', () => {
    expect(podsIn(tree).map(({ id }) => id)).toEqual(['pod']);
  });
});

test('the phases shown are those that the operation goes through', () => {
  const told = (...args: Parameters<typeof stepsOf>): string =>
    stepsOf(...args)
      .map(({ phase, state }) => `${phase} ${state}`)
      .join(', ');
  expect(told('Applying', { beside: false, tests: false })).toBe('Before done, Applying now, After ahead, Done ahead');
  expect(told('Testing', { beside: true, tests: undefined })).toBe(
    'Before done, Beside done, Applying done, After done, Testing now, Done ahead',
  );
  expect(told('Done', { beside: false, tests: true })).toBe(
    'Before done, Applying done, After done, Testing done, Done done',
  );
});

test('events are filtered by all words, and the newest is first', () => {
  const event = (reason: string, type: EventRow['type']): EventRow => ({
    at: '',
    type,
    reason,
    object: 'Pod/web',
    message: 'm',
    count: 1,
  });
  const events = [event('Old', 'Warning'), event('Pulled', 'Normal'), event('New', 'Warning')];
  const reasons = (...args: [string, boolean]): string[] => eventsWith(events, ...args).map(({ reason }) => reason);
  expect(reasons('', false)).toEqual(['New', 'Pulled', 'Old']);
  expect(reasons('POD pulled', false)).toEqual(['Pulled']);
  expect(reasons('', true)).toEqual(['New', 'Old']);
});

describe('a log', () => {
  test('is cut into lines wherever the chunks were split', () => {
    const log = ['a\nb', 'c\r\n', '', 'd'].reduce(withText, NO_LOG);
    expect(log.lines.map(({ text }) => text)).toEqual(['a', 'bc']);
    expect(ended(log).lines.map(({ number, text }) => [number, text])).toEqual([
      [0, 'a'],
      [1, 'bc'],
      [2, 'd'],
    ]);
    expect(linesWith(log.lines, 'B').map(({ text }) => text)).toEqual(['bc']);
  });

  test('keeps its last lines, with their numbers', () => {
    const log = withText(NO_LOG, 'x\n'.repeat(KEPT_LINES + 10));
    expect(log.lines).toHaveLength(KEPT_LINES);
    expect(log.lines[0]?.number).toBe(10);
  });

  test('without line ends takes a bounded amount of memory', () => {
    let log = NO_LOG;
    for (let part = 0; part < 100; part += 1) log = withText(log, 'x'.repeat(1_000));
    expect(log.rest.length).toBeLessThan(10_000);
    expect(log.lines.every(({ text }) => text.length < 10_000)).toBe(true);
  });

  test('is that of the container in most trouble, or of the one asked for', () => {
    const pods = [
      node('well', 'Green', [], {
        kind: 'Pod',
        containers: [container('setup', 'Green', true), container('web', 'Green')],
      }),
      node('ill', 'Red', [], { kind: 'Pod', containers: [container('web', 'Green'), container('side', 'Red')] }),
    ];
    const named = (query: string) => {
      const source = sourceOf(pods, new URLSearchParams(query));
      return `${source?.pod}/${source?.container}${source?.found === undefined ? ' gone' : ''}`;
    };
    expect(named('')).toBe('ill/side');
    expect(named('pod=well')).toBe('well/web');
    expect(named('pod=ill&container=web')).toBe('ill/web');
    expect(named('pod=gone&container=web')).toBe('gone/web gone');
    expect(sourceOf(pods, new URLSearchParams('pod=gone'))).toBeNull();
    expect(sourceOf([], new URLSearchParams())).toBeNull();
  });
});

test('an edit contains what differs, and nothing else', () => {
  const before = { values: 'a: 1\n', chartVersion: '1.0.0' };
  expect(editOf(before, { values: 'a: 1', chartVersion: ' 1.0.0 ' })).toBeNull();
  expect(editOf(before, { values: 'a: 1', chartVersion: '' })).toBeNull();
  expect(editOf(before, { values: '', chartVersion: '1.0.0' })).toEqual({ do: 'edit', values: '' });
  expect(editOf(before, { values: 'a: 1', chartVersion: '2.0.0' })).toEqual({ do: 'edit', chartVersion: '2.0.0' });
});

test('the changes of a plan are shown by object', () => {
  const changes: FieldChange[] = [
    { object: 'Deployment/web', path: '/spec/template/spec/containers/0/image', change: 'Changed', from: 'a', to: 'b' },
    {
      object: 'Deployment/web',
      path: '/metadata/labels/app.kubernetes.io~1name',
      change: 'Added',
      to: 'x',
      alsoIn: ['Service/web', 'ConfigMap/web'],
    },
    { object: 'Service/new', path: '', change: 'Added' },
    { object: 'Service/old', path: '', change: 'Removed' },
  ];
  const plan: Parameters<typeof diffOfPlan>[0] = {
    digest: 'd',
    madeAt: '',
    operation: 'Upgrade',
    version: 2,
    chart: { name: 'web', version: '1', digest: 'd' },
    counts: { create: 1, update: 1, recreate: 0, delete: 1, unchanged: 0, unknown: 0, hooks: 0, refused: 0 },
    changes,
    changesTotal: 9,
    digests: { content: '', inputs: '', control: '' },
  };
  const { objects, more } = diffOfPlan(plan);
  // One is of three objects.
  expect(more).toBe(3);
  expect(objects.map(({ object, change }) => `${change} ${object}`)).toEqual([
    'update Deployment/web',
    'create Service/new',
    'delete Service/old',
  ]);
  expect(objects[0]?.fields.map(({ path, before, after }) => [path, before, after])).toEqual([
    ['.spec.template.spec.containers[0].image', 'a', 'b'],
    ['.metadata.labels["app.kubernetes.io/name"]', undefined, 'x'],
  ]);
});

describe('when a log ends', () => {
  const container = (state: string, more: Partial<ContainerView> = {}): ContainerView => ({
    name: 'app',
    image: 'app',
    init: false,
    health: 'Yellow',
    state,
    restarts: 0,
    restartedAt: [],
    ...more,
  });
  const running = { isFollowed: true, container: container('Running'), refusal: undefined };

  test('it is read again while the container runs, even after a broken connection', () => {
    expect(nextAfter(running)).toBe('again');
    expect(nextAfter({ ...running, container: container('Completed') })).toBe('over');
    expect(nextAfter({ ...running, container: undefined })).toBe('over');
    expect(nextAfter({ ...running, isFollowed: false })).toBe('over');
  });

  test('it is awaited while the container has not started', () => {
    const starting = { ...running, container: container('ContainerCreating') };
    for (const refusal of [400, 404]) expect(nextAfter({ ...starting, refusal })).toBe('wait');
    const before = container('CrashLoopBackOff', { lastEnded: '2026-01-01T00:00:00Z' });
    expect(nextAfter({ ...starting, container: before, refusal: 404 })).toBe('over');
  });

  test('a refusal ends it', () => {
    for (const refusal of [401, 403, 404, 500]) expect(nextAfter({ ...running, refusal })).toBe('over');
  });
});
