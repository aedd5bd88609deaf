import { describe, expect, test } from '@jest/globals';
import { previewReport } from '../../../../cli/release/diff/preview-report.ts';
import { obstacleOf, wouldChange } from '../../../../client/releases/index.ts';
import type { ReleasePreview, ReleasePreviewStatus } from '../../../../crds/index.ts';
import { plainTerminal } from '../plain-terminal.ts';

const COUNTS = { create: 0, update: 0, recreate: 0, delete: 0, unchanged: 4, unknown: 0, hooks: 0, refused: 0 };

function reported(status: ReleasePreviewStatus): string {
  return previewReport({ spec: { release: 'web' }, status } as ReleasePreview, plainTerminal());
}

describe('previewReport', () => {
  test('shows fields, other objects with the same changes, hooks, refusals, rights and what is not listed', () => {
    const label = '/metadata/labels/helm.sh~1chart';
    const status: ReleasePreviewStatus = {
      from: 1,
      version: 2,
      operation: 'Upgrade',
      chart: { name: 'web', version: '1.1.0', digest: '' },
      counts: { ...COUNTS, create: 1, update: 3, recreate: 1, unknown: 1, hooks: 3, refused: 2 },
      changes: [
        { object: 'Deployment/web', path: label, change: 'Changed', from: 'a', to: 'b', alsoIn: ['Service/web'] },
        { object: 'ConfigMap/new', path: '', change: 'Added' },
      ],
      changesTotal: 9,
      objects: [
        { action: 'Unknown', group: '', version: 'v1', kind: 'Secret', name: 'x' },
        {
          action: 'Recreate',
          class: 'Recreate',
          fields: ['spec.selector'],
          group: 'apps',
          version: 'v1',
          kind: 'Deployment',
          name: 'web',
        },
      ],
      hooks: [{ event: 'pre-upgrade', weight: -5, kind: 'Job', name: 'migrate' }],
      refusals: [{ object: 'Service/web', reason: 'ApplyFailed', message: 'field is immutable' }],
      grant: 'kind: Role\n',
      warnings: ['deprecated\u001b[2J'],
    };
    expect(reported(status).split('\n')).toEqual([
      '--- version 1 as it is in the cluster',
      '+++ version 2  web-1.1.0  upgrade',
      '~ Deployment/web',
      '  .metadata.labels["helm.sh/chart"]',
      '    - a',
      '    + b',
      '    also in Service/web',
      '+ ConfigMap/new',
      '? Secret/x',
      '(6 more changes are not listed)',
      'deleted and created again',
      '  Deployment/web  spec.selector cannot be changed; nothing is lost',
      'hooks',
      '  pre-upgrade  Job/migrate  weight -5',
      '  (2 more are not listed)',
      'refused',
      '  Service/web  ApplyFailed: field is immutable',
      '  (1 more are not listed)',
      'this grants what is missing:',
      'kind: Role',
      'warning: deprecated[2J',
      '1 to create, 3 to update, 1 to create again, 0 to delete, 4 unchanged',
    ]);
  });

  test('says when nothing would change', () => {
    expect(reported({ from: 1, version: 1, counts: COUNTS })).toMatch(/\nno differences$/);
  });

  test('is empty where nothing was found out', () => {
    expect(reported({})).toBe('');
  });
});

test.each<[string, ReleasePreviewStatus, boolean, string | undefined]>([
  ['nothing', { counts: COUNTS }, false, undefined],
  ['a hook alone', { counts: { ...COUNTS, hooks: 1 } }, true, undefined],
  ['a refusal', { counts: { ...COUNTS, refused: 1 } }, false, 'the change would be refused for 1 object'],
  [
    'a failure',
    {
      conditions: [
        {
          type: 'Complete',
          status: 'False',
          reason: 'TemplateFailed',
          message: 'why',
          observedGeneration: 1,
          lastTransitionTime: '',
        },
      ],
    },
    false,
    'TemplateFailed: why',
  ],
])('%s: whether it would change something, and what is in the way', (_, status, changes, obstacle) => {
  expect(wouldChange(status)).toBe(changes);
  expect(obstacleOf(status)).toBe(obstacle);
});
