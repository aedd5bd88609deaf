import { expect, test } from '@jest/globals';
import { permissionsBy } from '../../../../dashboard/server/releases/permissions.ts';
import { rulesOf } from '../../../../kube/index.ts';

const verbs = ['get', 'patch'];
const ofOne = rulesOf([{ verbs, apiGroups: ['coxswain.dev'], resources: ['releases'], resourceNames: ['web'] }], true);

test.each([
  ['web', true],
  ['api', false],
  [undefined, false],
])('with rights for the Release "web" alone, %s may be suspended: %s', (name, isAllowed) => {
  expect(permissionsBy(ofOne, 'shop', name).actions).toMatchObject({ suspend: isAllowed, delete: false });
});
