import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';

import { startControlPlane } from '../../control-plane/index.ts';
import type { ControlPlane } from '../../control-plane/index.ts';
import { kubectlFor } from '../../support/cluster/kubectl.ts';
import type { Kubectl } from '../../support/cluster/kubectl.ts';
import { createTenant } from '../../support/cluster/tenant.ts';
import { eventually } from '../../support/eventually.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
const CONTROLLER = 'system:serviceaccount:coxswain-system:coxswain';

let controlPlane: ControlPlane;
let kubectl: Kubectl;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  kubectl = kubectlFor(controlPlane);
  const files = ['crds', 'deploy'].map((folder) => `--filename=${join(REPOSITORY, folder)}`);
  await kubectl('apply', '--server-side', ...files);
}, 1_200_000);
afterAll(async () => controlPlane?.stop());

const may = async (user: string, ...args: readonly string[]): Promise<boolean> => {
  const { stdout } = await kubectl.attempt(['auth', 'can-i', ...args, '--as', user]);
  return stdout.trim() === 'yes';
};

describe('the manifests in deploy/', () => {
  test('the controller is admitted to its own namespace, where Pod Security is restricted', async () => {
    const args = ['deployment/coxswain', '--namespace=coxswain-system', '--for=condition=Available', '--timeout=120s'];
    await kubectl('wait', ...args);
  });

  test.each([
    ['watch', 'releases.coxswain.dev', true],
    ['patch', 'releases.coxswain.dev/status', true],
    ['create', 'releasehistories.coxswain.dev', true],
    ['impersonate', 'serviceaccounts', true],
    ['watch', 'serviceaccounts', true],
    ['create', 'serviceaccounts', false],
    ['create', 'releases.coxswain.dev', false],
    ['delete', 'releases.coxswain.dev', false],
    ['update', 'releasehistories.coxswain.dev', false],
    ['patch', 'releasehistories.coxswain.dev', true],
    ['delete', 'releasepreviews.coxswain.dev', true],
    ['patch', 'releasepreviews.coxswain.dev/status', true],
    ['create', 'releasepreviews.coxswain.dev', false],
    ['list', 'secrets', false],
    ['delete', 'secrets', false],
    ['create', 'deployments.apps', false],
    ['get', 'configmaps', false],
    ['impersonate', 'users', false],
    ['impersonate', 'groups', false],
  ])('the controller’s own account: %s %s: %s', async (verb, resource, expected) => {
    const [name = '', subresource] = resource.split('/');
    const more = subresource === undefined ? [] : [`--subresource=${subresource}`];
    expect(await may(CONTROLLER, verb, name, '--all-namespaces', ...more)).toBe(expected);
  });

  test.each([
    ['view', 'get', 'releases.coxswain.dev', true],
    ['view', 'list', 'releasehistories.coxswain.dev', true],
    ['view', 'patch', 'releases.coxswain.dev', false],
    ['view', 'get', 'releasepreviews.coxswain.dev', true],
    ['view', 'create', 'releasepreviews.coxswain.dev', false],
    ['edit', 'create', 'releasepreviews.coxswain.dev', true],
    ['edit', 'create', 'releases.coxswain.dev', true],
    ['edit', 'patch', 'releases.coxswain.dev', true],
    ['edit', 'watch', 'releasehistories.coxswain.dev', true],
    ['edit', 'create', 'releasehistories.coxswain.dev', false],
    ['edit', 'delete', 'releasehistories.coxswain.dev', false],
    ['admin', 'delete', 'releases.coxswain.dev', true],
    ['admin', 'create', 'releasehistories.coxswain.dev', false],
  ] as const)('an account with the role %s in a namespace: %s %s: %s', async (role, verb, resource, expected) => {
    const namespace = await createTenant(kubectl, 'deploy', role);
    const user = `system:serviceaccount:${namespace}:default`;
    // Until the API server has seen the binding.
    await eventually(
      () => may(user, verb, resource, '--namespace', namespace),
      (allowed) => expect(allowed).toBe(expected),
    );
    expect(await may(user, verb, resource, '--namespace', 'default')).toBe(false);
  });
});
