import { describe, expect, test } from '@jest/globals';
import type { Release, ReleaseStatus } from '../../../../crds/index.ts';
import { ReleaseTracker } from '../../../../controller/metrics/release-tracker.ts';

const BEGUN = '2026-01-01T00:00:00Z';
const at = (seconds: number): number => Date.parse(BEGUN) + seconds * 1000;

type Phase = NonNullable<ReleaseStatus['operation']>['phase'];

const status = (phase: Phase, ready: 'True' | 'False', startedAt = BEGUN): ReleaseStatus =>
  ({
    health: ready === 'True' ? 'Green' : 'Yellow',
    operation: { type: 'Install', version: 1, phase, startedAt },
    conditions: [{ type: 'Ready', status: ready }],
  }) as unknown as ReleaseStatus;

const release = (name: string, of?: ReleaseStatus, namespace = 'shop'): Release =>
  ({ metadata: { namespace, name }, status: of }) as unknown as Release;

class Recorder {
  readonly lines: string[] = [];
  readonly tracker = new ReleaseTracker({
    began: (operation) => this.lines.push(`began ${operation}`),
    applied: (seconds) => this.lines.push(`applied ${seconds}`),
    ready: (seconds) => this.lines.push(`ready ${seconds}`),
  });

  see(type: 'added' | 'modified' | 'deleted', object: Release, seconds = 0): void {
    this.tracker.take({ type, object }, at(seconds));
  }
}

describe('the healths of Releases', () => {
  test('are counted by namespace as they change, and forgotten with the Releases', () => {
    const { tracker, ...recorder } = new Recorder();
    const see = Recorder.prototype.see.bind({ ...recorder, tracker } as Recorder);
    see('added', release('a'));
    see('added', release('b', status('Done', 'True')));
    see('added', release('c', status('Done', 'True'), 'other'));
    expect(tracker.counts.get('shop')).toEqual({ Green: 1, Yellow: 0, Red: 0, Unknown: 1 });
    see('modified', release('a', status('Applying', 'False')));
    see('modified', release('a', status('Applying', 'False')));
    expect(tracker.counts.get('shop')).toEqual({ Green: 1, Yellow: 1, Red: 0, Unknown: 0 });
    see('deleted', release('a'));
    see('deleted', release('c', undefined, 'other'));
    expect([...tracker.counts]).toEqual([['shop', { Green: 1, Yellow: 0, Red: 0, Unknown: 0 }]]);
  });

  test('change without the namespace changing its place, or those that are named would come and go', () => {
    const { tracker, ...recorder } = new Recorder();
    const see = Recorder.prototype.see.bind({ ...recorder, tracker } as Recorder);
    see('added', release('a', undefined, 'first'));
    see('added', release('b', undefined, 'second'));
    see('modified', release('a', status('Done', 'True'), 'first'));
    expect([...tracker.counts.keys()]).toEqual(['first', 'second']);
  });

  test('are Unknown where a status says something else', () => {
    const recorder = new Recorder();
    recorder.see('added', release('a', { health: 'Purple' } as unknown as ReleaseStatus));
    expect(recorder.tracker.counts.get('shop')).toEqual({ Green: 0, Yellow: 0, Red: 0, Unknown: 1 });
  });
});

describe('the steps of an operation', () => {
  test('have applied everything where tests run', () => {
    const recorder = new Recorder();
    recorder.see('added', release('a', status('Applying', 'False')));
    recorder.see('modified', release('a', status('Testing', 'False')), 5);
    expect(recorder.lines).toContain('applied 5');
  });

  test('are reported once each, with the time since it began', () => {
    const recorder = new Recorder();
    recorder.see('added', release('a'));
    recorder.see('modified', release('a', status('Before', 'False')), 1);
    recorder.see('modified', release('a', status('After', 'False')), 2);
    recorder.see('modified', release('a', status('Done', 'False')), 3);
    recorder.see('modified', release('a', status('Done', 'True')), 5);
    expect(recorder.lines).toEqual(['began Install', 'applied 2', 'ready 5']);
  });

  test('are not reported again when the Release is no longer well, and well again', () => {
    const recorder = new Recorder();
    recorder.see('added', release('a'));
    recorder.see('modified', release('a', status('Done', 'True')), 5);
    recorder.see('modified', release('a', status('Done', 'False')), 500);
    recorder.see('modified', release('a', status('Applying', 'False')), 600);
    recorder.see('modified', release('a', status('Done', 'True')), 900);
    expect(recorder.lines).toEqual(['began Install', 'applied 5', 'ready 5']);
  });

  test('are reported for the next operation too', () => {
    const recorder = new Recorder();
    recorder.see('added', release('a', status('Done', 'True')));
    recorder.see('modified', release('a', status('Done', 'True', '2026-01-01T01:00:00Z')), 3610);
    expect(recorder.lines).toEqual(['began Install', 'applied 10', 'ready 10']);
  });

  test('are not reported if they were over when the Release was first seen', () => {
    const recorder = new Recorder();
    recorder.see('added', release('a', status('Done', 'False')));
    recorder.see('modified', release('a', status('Done', 'True')), 5000);
    expect(recorder.lines).toEqual([]);
  });

  test('are reported after a restart, of what was under way by then', () => {
    const recorder = new Recorder();
    recorder.see('added', release('a', status('Applying', 'False')));
    recorder.see('modified', release('a', status('Done', 'True')), 30);
    expect(recorder.lines).toEqual(['applied 30', 'ready 30']);
  });

  test('that the controller does not know are not reported', () => {
    const recorder = new Recorder();
    recorder.see('added', release('a'));
    const forged = { operation: { type: 'x'.repeat(100), phase: 'Done', startedAt: BEGUN } };
    recorder.see('modified', release('a', forged as unknown as ReleaseStatus));
    recorder.see('modified', release('a', status('Done', 'True', 'yesterday')));
    expect(recorder.lines).toEqual([]);
  });
});
