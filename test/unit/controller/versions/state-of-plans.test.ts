import { describe } from '@jest/globals';
import type { ReleaseHistory } from '../../../../crds/index.ts';
import { content, history } from '../releases.ts';
import { check, inForce, NOW } from './state-rows.ts';

const [A, B, C] = [content('a'), content('b'), content('c')];

function planned(version: number, of = B): ReleaseHistory {
  const one = history(version, of);
  return { ...one, spec: { ...one.spec, recordedAt: new Date(NOW).toISOString() } };
}

describe('a version whose plan waits for approval', () => {
  const approval = 'Manual' as const;
  const status = inForce(1);
  const histories = [history(1, A), planned(2)];
  const throttled = (version: number | undefined, because: 'inputs' | 'chart', ms: number) =>
    ({ name: 'throttled', version, because, dueAt: NOW + ms, isPlanned: true }) as const;
  check([
    {
      title: 'is used once it is approved',
      spec: { ...B, version: 1, approval },
      status,
      histories,
      expected: { name: 'recordedVersion', version: 2, by: 'interruption' },
    },
    {
      title: 'is planned again for other data, after a delay',
      spec: { ...B, version: 1, approval },
      status,
      histories,
      more: { inputs: 'other' },
      expected: throttled(1, 'inputs', 2_000),
    },
    {
      title: 'is planned again once the delay is over',
      spec: { ...B, version: 1, approval },
      status,
      histories,
      more: { inputs: 'other', now: NOW + 2_000 },
      expected: { name: 'newVersion', version: 3, because: 'content' },
    },
    {
      title: 'waits longer the more often it was planned',
      spec: { ...B, version: 1, approval },
      status,
      histories: [history(1, A), planned(4)],
      more: { inputs: 'other' },
      expected: throttled(1, 'inputs', 8_000),
    },
    {
      title: 'is planned again at once for an edit',
      spec: { ...C, version: 1, approval },
      status,
      histories,
      expected: { name: 'newVersion', version: 3, because: 'content' },
    },
    {
      title: 'also waits where nothing is installed yet',
      spec: { ...B, approval },
      histories: [planned(1)],
      more: { inputs: 'other' },
      expected: throttled(undefined, 'inputs', 2_000),
    },
    {
      title: 'is not delayed where changes need no approval',
      spec: { ...B, version: 1 },
      status,
      histories,
      more: { inputs: 'other' },
      expected: { name: 'newVersion', version: 3, because: 'content' },
    },
  ]);
});
