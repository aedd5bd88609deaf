import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Release, ReleaseStatus } from '../../../../crds/index.ts';
import { ReleaseError } from '../../../../controller/pass/failures/errors.ts';
import { inStep } from '../../../../controller/pass/step.ts';
import { rootOf, type Span } from '../../../../controller/traces/span.ts';
import { Traces } from '../../../../controller/traces/traces.ts';

const T0 = Date.parse('2026-01-01T00:00:00.000Z');
const at = (seconds: number): number => T0 + seconds * 1000;
const time = (seconds: number): string => new Date(at(seconds)).toISOString();

type Operation = NonNullable<ReleaseStatus['operation']>;
interface Told {
  ready?: 'True' | 'False';
  reason?: string;
  stalled?: string;
  health?: string;
}

const status = (operation: Partial<Operation> | undefined, told: Told = {}, generation = 1): ReleaseStatus => {
  const { ready = 'False', reason = 'Progressing', stalled, health = 'Yellow' } = told;
  const conditions = [{ type: 'Ready', status: ready, reason, observedGeneration: generation }];
  return {
    observedGeneration: generation,
    health,
    version: operation?.version,
    operation: operation && { type: 'Install', version: 1, phase: 'Before', startedAt: time(10), ...operation },
    conditions: [
      ...conditions,
      ...(stalled ? [{ type: 'Stalled', status: 'True', reason: stalled, observedGeneration: generation }] : []),
    ],
  } as unknown as ReleaseStatus;
};

let spans: Span[];
let traces: Traces;

beforeEach(() => {
  spans = [];
  traces = new Traces({ add: (_, span) => spans.push(span), stop: async () => undefined });
});

const see = (seconds: number, of?: ReleaseStatus, generation = 1, type: 'modified' | 'deleted' = 'modified'): void => {
  const metadata = { namespace: 'shop', name: 'web', uid: 'uid', generation };
  traces.take({ type, object: { metadata, status: of } as unknown as Release }, at(seconds));
};

const pass = async (steps: Parameters<typeof inStep>[0][], error?: Error): Promise<void> =>
  traces
    .pass('shop/web', async () => {
      for (const [index, step] of steps.entries()) {
        await inStep(step, async () => {
          if (error && index === steps.length - 1) throw error;
        });
      }
    })
    .catch(() => undefined);

/** Names, times after T0 in seconds (not those of steps, which are real) and errors. */
const told = (): unknown[] =>
  spans.map(({ name, beganAt, endedAt, error, parentSpanId }) => {
    const isStep = ['resolve', 'pull', 'render', 'preflight', 'record'].includes(name);
    const times = isStep ? [] : [(beganAt - T0) / 1000, (endedAt - T0) / 1000];
    return [name, ...times, ...(error === undefined ? [] : [error]), ...(parentSpanId === undefined ? ['root'] : [])];
  });

describe('an operation', () => {
  test('is a trace from the edit through its steps and phases until it is ready', async () => {
    see(5);
    await pass(['pull', 'render', 'preflight', 'record']);
    see(9, undefined, 2);
    see(11, status({ phase: 'Before' }));
    see(13, status({ phase: 'Applying' }));
    see(16, status({ phase: 'Done' }));
    see(20, status({ phase: 'Done' }, { ready: 'True', reason: 'InstallSucceeded', health: 'Green' }));
    see(30, status({ phase: 'Done' }, { ready: 'True', reason: 'InstallSucceeded', health: 'Green' }));
    expect(told()).toEqual([
      ['pull'],
      ['render'],
      ['preflight'],
      ['record'],
      ['hooks before', 10, 13],
      ['apply', 13, 16],
      ['wait until Green', 16, 20],
      ['install', 5, 20, 'root'],
    ]);
    const root = rootOf('uid', time(10), 1);
    expect(spans.at(-1)).toMatchObject({ ...root, attributes: { 'coxswain.trigger': 'edit' } });
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([root.traceId]));
  });

  test('begins with the push that led to it', () => {
    see(0, status({ phase: 'Done' }, { ready: 'True' }));
    traces.pushed(['shop/web', 'shop/other'], at(40));
    see(42, status({ type: 'Upgrade', version: 2, startedAt: time(41), phase: 'Applying' }));
    see(43, status({ type: 'Upgrade', version: 2, startedAt: time(41), phase: 'Done' }, { ready: 'True' }));
    expect(told()).toEqual([
      ['apply', 41, 43],
      ['upgrade', 40, 43, 'root'],
    ]);
    expect(spans.at(-1)?.attributes).toMatchObject({ 'coxswain.trigger': 'push' });
  });

  test('goes on as the same trace after a restart, and is not told again where it was over', () => {
    see(12, status({ phase: 'Applying' }));
    see(15, status({ phase: 'Done' }, { ready: 'True' }));
    expect(told()).toEqual([
      ['apply', 12, 15],
      ['install', 10, 15, 'root'],
    ]);
    expect(spans.at(-1)).toMatchObject({ ...rootOf('uid', time(10), 1), attributes: { 'coxswain.resumed': true } });
    spans = [];
    traces = new Traces({ add: (_, span) => spans.push(span), stop: async () => undefined });
    see(20, status({ phase: 'Done' }, { ready: 'True' }));
    see(21, status({ phase: 'Done' }, { reason: 'Unhealthy', health: 'Red' }));
    expect(told()).toEqual([]);
  });

  test('fails where nothing goes on, and where all is applied and Red', () => {
    see(5);
    see(11, status({ phase: 'Before' }));
    see(12, status({ phase: 'Before' }, { reason: 'HookFailed', stalled: 'HookFailed' }));
    see(21, status({ version: 2, startedAt: time(20), phase: 'Done' }, { reason: 'Unhealthy', health: 'Red' }));
    expect(told()).toEqual([
      ['hooks before', 10, 12, 'HookFailed'],
      ['install', 5, 12, 'HookFailed', 'root'],
      ['wait until Green', 20, 21, 'Unhealthy'],
      ['install', 20, 21, 'Unhealthy', 'root'],
    ]);
    expect(spans.at(-1)?.links).toEqual([rootOf('uid', time(10), 1)]);
  });

  test('that waits for somebody has not failed; one that another replaces ends, and is named by that one', () => {
    see(5);
    see(11, status({ phase: 'Applying' }, { reason: 'Suspended', stalled: 'Suspended' }));
    expect(spans).toEqual([]);
    see(21, status({ version: 2, startedAt: time(20), phase: 'Applying' }));
    expect(spans.at(-1)).toMatchObject({ name: 'install', attributes: { 'coxswain.superseded': true } });
  });

  test('of deletion ends with the Release', () => {
    see(0, status({ phase: 'Done' }, { ready: 'True' }));
    const deletion = status({ type: 'Delete', startedAt: time(50), phase: 'Applying' }, { reason: 'Uninstalling' });
    see(51, deletion);
    see(55, deletion, 1, 'deleted');
    expect(told()).toEqual([
      ['delete', 50, 55],
      ['delete', 50, 55, 'root'],
    ]);
  });
});

describe('what passes do', () => {
  test('is no trace if it leads to nothing new, or is only repeated', async () => {
    see(0, status({ phase: 'Done' }, { ready: 'True' }));
    await pass(['resolve']);
    await pass(['pull', 'render']);
    see(60, status({ phase: 'Done', version: 2, startedAt: time(59) }, { ready: 'True' }));
    expect(told()).toEqual([
      ['wait until Green', 59, 60],
      ['install', 59, 60, 'root'],
    ]);
  });

  test('is a trace of its own where it fails and nothing goes on, once for each reason and edit', async () => {
    see(5);
    const refused = new ReleaseError('Refused', 'a message with a secret', { retry: 'later' });
    for (let times = 0; times < 2; times += 1) {
      await pass(['pull', 'preflight'], refused);
      see(8, status(undefined, { reason: 'Refused', stalled: 'Refused' }));
    }
    expect(told()).toEqual([['pull'], ['preflight', 'Refused'], ['change', 5, 8, 'Refused', 'root']]);
    expect(JSON.stringify(spans)).not.toContain('secret');
    see(9, status(undefined, { reason: 'Refused', stalled: 'Refused' }), 2);
    await pass(['pull', 'preflight'], refused);
    expect(spans).toHaveLength(3);
    see(10, status(undefined, { reason: 'Refused', stalled: 'Refused' }, 2), 2);
    expect(spans).toHaveLength(6);
  });

  test('does not end the operation beside which it fails', async () => {
    see(5);
    see(11, status({ phase: 'Applying' }));
    await pass(['pull', 'preflight'], new ReleaseError('Refused', '', { retry: 'later' }));
    see(12, status({ phase: 'Applying' }, { reason: 'Refused', stalled: 'Refused' }));
    expect(spans.map(({ name, error }) => [name, error])).toEqual([
      ['pull', undefined],
      ['preflight', 'Refused'],
      ['change', 'Refused'],
    ]);
    see(15, status({ phase: 'Done' }, { ready: 'True' }));
    expect(spans.at(-1)).toMatchObject({ name: 'install', error: undefined });
  });
});
