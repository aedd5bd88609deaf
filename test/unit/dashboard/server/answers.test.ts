import { describe, expect, test } from '@jest/globals';
import { ClientError } from '../../../../client/messages/index.ts';
import { errorAnswerOf, HttpError } from '../../../../dashboard/server/http/answers.ts';
import { KubeError } from '../../../../kube/index.ts';

describe('errors in responses', () => {
  test('are cut, since they may contain what was requested', () => {
    const { body } = errorAnswerOf(new HttpError(400, 'Usage', `there is no "${' '.repeat(1_000_000)}x"`));
    expect(body.error.message).toHaveLength(4_000);
  });

  test.each([
    ['Forbidden', 403],
    ['NotFound', 422],
  ] as const)('say whether a right (%s) was missing when a record cannot be read', (code, status) => {
    const cause = new KubeError(code, 'no');
    expect(errorAnswerOf(new ClientError('Unreadable', 'version 1', { cause })).status).toBe(status);
  });
});
