import { describe, expect, test } from '@jest/globals';

import { fieldPath } from '../../../../crds/index.ts';
import { diffReport } from '../../../../cli/release/diff.ts';
import { changesFrom } from '../../../../client/releases/index.ts';
import { plainTerminal } from '../plain-terminal.ts';
import { historyWith } from './release-objects.ts';

describe('fieldPath', () => {
  test.each([
    ['/spec/replicas', '.spec.replicas'],
    ['/spec/containers/0/image', '.spec.containers[0].image'],
    ['/metadata/annotations/checksum~1page', '.metadata.annotations["checksum/page"]'],
    ['/data/index.html', '.data["index.html"]'],
    ['/data/a~01', '.data["a~1"]'],
  ])('%s is %s', (pointer, expected) => {
    expect(fieldPath(pointer)).toBe(expected);
  });
});

describe('diffReport', () => {
  test('shows objects with their fields, and no control characters', () => {
    const histories = [
      historyWith(1, undefined, []),
      historyWith(2, 1, [
        { object: 'ConfigMap/page', path: '/data/text', change: 'Changed', from: 'one\ntwo\n', to: '\u001b[2Jone' },
        { object: 'Job/new', path: '', change: 'Added' },
        { object: 'ConfigMap/page', path: '/data/more', change: 'Added', to: 'x' },
      ]),
    ];
    const report = diffReport(histories, undefined, 2, changesFrom(histories, undefined, 2), plainTerminal());
    expect(report).toBe(
      [
        '--- version 1  web-1.0.1  2026-01-01T00:00:00Z',
        '+++ version 2  web-1.0.2  2026-01-01T00:00:00Z',
        '~ ConfigMap/page',
        '  .data.text',
        '    - one',
        '    - two',
        '    + [2Jone',
        '  .data.more',
        '    + x',
        '+ Job/new',
      ].join('\n'),
    );
  });

  test('says when there is no difference, and when not everything is recorded', () => {
    const histories = [historyWith(1, undefined, []), historyWith(2, 1, [], 7)];
    const none = diffReport(histories, 1, 1, { changes: [], unrecorded: 0 }, plainTerminal());
    expect(none).toMatch(/\nno differences$/);
    const some = diffReport(histories, 1, 2, { changes: [], unrecorded: 7 }, plainTerminal());
    expect(some).toMatch(/\n\(7 more changes were too many to record\)$/);
  });
});
