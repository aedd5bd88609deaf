import { describe, expect, test } from '@jest/globals';
import { planToApprove } from '../../../../client/releases/index.ts';
import { release } from '../../../../cli/release.ts';
import { statusReport } from '../../../../cli/release/status.ts';
import type { ReleasePlan } from '../../../../crds/index.ts';
import { plainTerminal } from '../plain-terminal.ts';
import { releaseWith } from './release-objects.ts';

const PLAN: ReleasePlan = {
  digest: 'sha256:1',
  madeAt: '2026-01-01T00:00:00Z',
  operation: 'Upgrade',
  version: 2,
  from: 1,
  chart: { name: 'web', version: '1.1.0', digest: 'sha256:0' },
  counts: { create: 0, update: 1, recreate: 0, delete: 0, unchanged: 3, unknown: 0, hooks: 1, refused: 0 },
  changes: [{ object: 'Deployment/web', path: '/spec/replicas', change: 'Changed', from: '1', to: '2' }],
  changesTotal: 5,
  hooks: [{ event: 'pre-upgrade', weight: 0, kind: 'Job', name: 'migrate' }],
  digests: { content: '', inputs: '', control: '' },
  replaces: 'sha256:0',
  moved: ['Deployment/web'],
};

describe('the plan to approve', () => {
  test('is the one that waits, if the user names none or names that one', () => {
    expect(planToApprove(releaseWith({ plan: PLAN }), undefined)).toBe(PLAN);
    expect(planToApprove(releaseWith({ plan: PLAN }), 'sha256:1')).toBe(PLAN);
    expect(() => planToApprove(releaseWith({ plan: PLAN }), 'sha256:0')).toThrow(/that waits is sha256:1, made at/);
    expect(() => planToApprove(releaseWith({}), undefined)).toThrow(
      'release "web" has no change that waits for approval',
    );
  });

  test('is shown with its digest, what has changed since, and what its lists leave out', () => {
    expect(statusReport(releaseWith({ version: 1, health: 'Green', plan: PLAN }), 0, plainTerminal())).toBe(
      [
        'shop/web  Green  version 1',
        '',
        'plan sha256:1',
        'made again, as this has changed: Deployment/web',
        '--- version 1 as it is in the cluster',
        '+++ version 2  web-1.1.0  upgrade',
        '~ Deployment/web',
        '  .spec.replicas',
        '    - 1',
        '    + 2',
        '(4 more changes are not listed)',
        'hooks',
        '  pre-upgrade  Job/migrate  weight 0',
        '0 to create, 1 to update, 0 to delete, 3 unchanged',
      ].join('\n'),
    );
  });

  test('is explained by the command', async () => {
    const terminal = plainTerminal();
    expect(await release(['approve', '--help'], terminal)).toBe(0);
    expect(terminal.written.out).toContain('--plan DIGEST');
  });
});
