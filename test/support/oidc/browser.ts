import { expect } from '@jest/globals';
import type { SignInWays } from '../../../dashboard/api/index.ts';
import type { RunningDashboard } from '../../../dashboard/server/index.ts';
import { Visitor } from '../dashboard.ts';
import { signIn } from './code-flow.ts';
import type { Provider, ProviderUser } from './provider.ts';

/** Goes to the provider as a browser does, signs in there, and returns where the provider sends the browser. */
async function answerFor(visitor: Visitor, user: ProviderUser, provider: Provider): Promise<URL> {
  const begun = await visitor.ask('/api/sign-in/oidc');
  expect(begun).toMatchObject({ status: 303, text: '' });
  return signIn(provider, begun.headers.location ?? '', user);
}

/** Returns from the provider to the page, whether or not the sign-in succeeded. */
export async function returnFromProvider(visitor: Visitor, answer: URL): Promise<void> {
  const landed = await visitor.ask(answer.pathname + answer.search, { headers: { 'sec-fetch-site': 'cross-site' } });
  expect(landed).toMatchObject({ status: 303, text: '', headers: { location: '/' } });
}

/** A visitor who has signed in, or has tried to. */
export async function signInAs(at: RunningDashboard, user: ProviderUser, provider: Provider): Promise<Visitor> {
  const visitor = new Visitor(at.url);
  await returnFromProvider(visitor, await answerFor(visitor, user, provider));
  return visitor;
}

/** Why somebody did not get in, as the page asks for it; it is told once. */
export async function failureOf(visitor: Visitor): Promise<SignInWays['failure']> {
  expect(await visitor.ask('/api/viewer')).toMatchObject({ status: 401 });
  const { json } = await visitor.ask('/api/sign-in');
  expect((await visitor.ask('/api/sign-in')).json).toEqual({ ways: ['oidc'] });
  return (json as SignInWays).failure;
}
