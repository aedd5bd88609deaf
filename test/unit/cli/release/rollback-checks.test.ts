import { expect, test } from '@jest/globals';
import { verdictOf } from '../../../../client/releases/index.ts';
import type { PreviewCounts, PreviewRefusal, ReleasePreviewStatus } from '../../../../crds/index.ts';

const COUNTS: PreviewCounts = {
  create: 0,
  update: 1,
  recreate: 0,
  delete: 0,
  unchanged: 0,
  unknown: 0,
  hooks: 0,
  refused: 0,
};
const refusals: PreviewRefusal[] = [{ object: 'Job/a', reason: 'ApplyFailed', message: 'field is immutable' }];

test.each<[string, ReleasePreviewStatus, string]>([
  ['nothing in the way', { counts: COUNTS }, 'possible'],
  ['one refusal', { counts: { ...COUNTS, refused: 1 }, refusals }, 'Job/a: field is immutable'],
  [
    'one that names its object itself',
    { refusals: [{ object: 'Job/a', reason: 'ApplyFailed', message: 'Job/a: field is immutable' }] },
    'Job/a: field is immutable',
  ],
  [
    'refusals of which not all are listed',
    { counts: { ...COUNTS, refused: 7 }, refusals },
    'Job/a: field is immutable (and 6 more)',
  ],
  [
    'a failure',
    {
      conditions: [
        {
          type: 'Complete',
          status: 'False',
          reason: 'Forbidden',
          message: 'may not',
          observedGeneration: 1,
          lastTransitionTime: '',
        },
      ],
    },
    'Forbidden: may not',
  ],
])('%s', (_, status, verdict) => {
  expect(verdictOf(status)).toBe(verdict);
});
