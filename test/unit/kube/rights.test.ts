import { describe, expect, test } from '@jest/globals';

import { rulesOf } from '../../../kube/rights.ts';

describe('rulesOf', () => {
  const { allows, complete } = rulesOf(
    [
      { verbs: ['get', 'list'], apiGroups: ['apps'], resources: ['deployments', 'deployments/scale'] },
      { verbs: ['*'], apiGroups: ['batch'], resources: ['*'] },
      { verbs: ['get'], apiGroups: ['*'], resources: ['*/status'] },
      { verbs: ['patch'], apiGroups: [''], resources: ['secrets'], resourceNames: ['one', 'two'] },
      { verbs: ['get'] },
    ],
    false,
  );

  test.each([
    ['get', 'apps', 'deployments', undefined, true],
    ['get', 'apps', 'deployments/scale', undefined, true],
    ['delete', 'apps', 'deployments', undefined, false],
    ['get', '', 'deployments', undefined, false],
    ['delete', 'batch', 'jobs', 'any', true],
    ['get', 'anything', 'things/status', undefined, true],
    ['get', 'anything', 'things', undefined, false],
    ['patch', '', 'secrets', 'two', true],
    ['patch', '', 'secrets', 'three', false],
    ['patch', '', 'secrets', undefined, false],
  ])('%s %s/%s %s: %s', (verb, group, resource, name, expected) => {
    expect(allows(verb, group, resource, name)).toBe(expected);
  });

  test('passes on that the list may be incomplete', () => expect(complete).toBe(false));
});
