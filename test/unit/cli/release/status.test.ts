import { describe, expect, test } from '@jest/globals';

import type { ChartSignature } from '../../../../crds/index.ts';
import { statusReport } from '../../../../cli/release/status.ts';
import { plainTerminal } from '../plain-terminal.ts';
import { releaseWith } from './release-objects.ts';

const NOW = Date.parse('2026-01-01T00:05:00Z');
const at = '2026-01-01T00:00:00Z';
const child = { group: '', version: 'v1', namespace: 'shop' };

describe('statusReport', () => {
  test('shows the tree with the cause', () => {
    const release = releaseWith({
      version: 2,
      chart: { name: 'web', version: '1.1.0', digest: 'sha256:0' },
      health: 'Red',
      message: 'Deployment/web: no image',
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'Unhealthy',
          message: 'no image\n  2 | a:\n    | ^',
          observedGeneration: 1,
          lastTransitionTime: at,
        },
      ],
      hooks: [{ run: '2.pre-upgrade', kind: 'Job', name: 'migrate', phase: 'Succeeded' }],
      resources: [
        { ...child, kind: 'Service', name: 'web', health: 'Green' },
        { ...child, kind: 'Deployment', name: 'web', health: 'Red', message: 'no \u001b[31mimage' },
        { group: '', version: 'v1', kind: 'Namespace', name: 'other', health: 'Yellow', message: 'on its way' },
      ],
    });
    expect(statusReport(release, NOW, plainTerminal())).toBe(
      [
        'shop/web  Red  version 2  web-1.1.0',
        'Deployment/web: no image',
        '├─ Service/web                       Green',
        '├─ Deployment/web                    Red  no [31mimage',
        '├─ Namespace/other (cluster)         Yellow  on its way',
        '└─ Job/migrate (hook 2.pre-upgrade)  Succeeded',
        '',
        'CONDITION   STATUS   REASON      AGE   MESSAGE',
        'Ready       False    Unhealthy   5m    no image',
        '',
        '  2 | a:',
        '    | ^',
      ].join('\n'),
    );
  });

  test('fits the columns of a terminal, with messages beside or below what they are about', () => {
    const message = 'an image that is called so at some length does not exist';
    const resources = [
      { ...child, kind: 'Deployment', name: 'web', health: 'Red', message },
      { ...child, kind: 'StatefulSet', name: 'a-name-that-is-long-itself', health: 'Red', message },
    ] as const;
    const report = (columns: number, some: number): string[] => {
      const release = releaseWith({ version: 1, health: 'Red', message, resources: resources.slice(0, some) });
      return statusReport(release, NOW, plainTerminal(columns)).split('\n');
    };
    expect(report(60, 1)).toEqual([
      'shop/web  Red  version 1',
      message,
      '└─ Deployment/web  Red  an image that is called so at some',
      '                        length does not exist',
    ]);
    expect(report(50, 2).slice(1)).toEqual([
      'an image that is called so at some length does not',
      'exist',
      '├─ Deployment/web                          Red',
      '     an image that is called so at some length',
      '     does not exist',
      '└─ StatefulSet/a-name-that-is-long-itself  Red',
      '     an image that is called so at some length',
      '     does not exist',
    ]);
  });

  test('shows who signed the chart', () => {
    const chart = { name: 'web', version: '1.1.0', digest: 'sha256:0' };
    const lineFor = (verified: ChartSignature): string =>
      statusReport(releaseWith({ version: 1, health: 'Green', chart: { ...chart, verified } }), NOW, plainTerminal());
    expect(lineFor({ provider: 'Cosign', key: 'ci.pub', fingerprint: `sha256:${'0123456789abcdef'.repeat(4)}` })).toBe(
      'shop/web  Green  version 1  web-1.1.0  signed by ci.pub (sha256:0123456789abc…)',
    );
    const signer = 'Ada\n <ada@example.com>';
    expect(lineFor({ provider: 'Helm', key: 'ring.gpg', fingerprint: 'ABCDEF', signer })).toBe(
      'shop/web  Green  version 1  web-1.1.0  signed by Ada <ada@example.com> (ABCDEF)',
    );
  });

  test.each([
    ['Drifted', 'True', 'pending'],
    ['Drifted', 'False', 'good'],
    ['Stalled', 'True', 'bad'],
    ['Ready', 'True', 'good'],
  ] as const)('means %s=%s as %s', (type, state, style) => {
    const said = {
      type,
      status: state,
      reason: 'InSync',
      message: '',
      observedGeneration: 1,
      lastTransitionTime: at,
    } as const;
    const terminal = { ...plainTerminal(), style: (how: string, text: string) => `${how}(${text})` };
    expect(statusReport(releaseWith({ conditions: [said] }), NOW, terminal)).toContain(`${style}(${state})`);
  });

  test('shows a Release that the controller has not seen', () => {
    const { status: _, ...unseen } = releaseWith({});
    expect(statusReport(unseen, NOW, plainTerminal())).toBe('shop/web  Unknown  no version is in force yet');
  });
});
