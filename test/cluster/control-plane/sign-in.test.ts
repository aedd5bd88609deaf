import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startControlPlane, type ControlPlane } from '../../control-plane/index.ts';
import { kubectlFor } from '../../support/cluster/kubectl.ts';
import { idTokenOf } from '../../support/oidc/code-flow.ts';
import { startProvider, type Provider } from '../../support/oidc/provider.ts';

const ANN = { name: 'ann', password: 'pear', email: 'ann@orchard.example', groups: ['orchard'] };
const CLIENT = { id: 'coxswain', redirect: 'http://127.0.0.1:9/callback' };

describe('an API server that takes the tokens of an OpenID provider', () => {
  let provider: Provider;
  let controlPlane: ControlPlane;

  beforeAll(async () => {
    provider = await startProvider({ users: [ANN], client: CLIENT });
    controlPlane = await startControlPlane({ nodes: 1, authentication: provider.authentication });
  }, 1_200_000);
  afterAll(async () => {
    await controlPlane?.stop();
    await provider?.stop();
  });

  test('knows who signed in by the code flow, and their groups', async () => {
    const kubectl = kubectlFor(controlPlane);
    const token = await idTokenOf(provider, CLIENT, ANN);
    const { status } = await kubectl.json<{ status: { userInfo: object } }>('auth', 'whoami', `--token=${token}`);
    expect(status.userInfo).toMatchObject({ username: ANN.email, groups: ['orchard', 'system:authenticated'] });
  });

  test('does not know one with a wrong password', async () => {
    await expect(idTokenOf(provider, CLIENT, { ...ANN, password: 'plum' })).rejects.toThrow('leads nowhere');
  });
});
