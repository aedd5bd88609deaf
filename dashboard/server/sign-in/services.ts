import type { IncomingMessage, ServerResponse } from 'node:http';
import { isKubeError, whoAmI, type KnownUser, type KubeClient } from '../../../kube/index.ts';
import { HttpError } from '../http/answers.ts';
import type { OneTimeCodes } from './codes.ts';
import type { SessionKeeping } from './cookies.ts';
import type { IdentityOptions } from './identity.ts';

/** Answers a request of somebody who is not signed in yet. */
export type OpenHandler = (asked: {
  readonly params: Readonly<Record<string, string>>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}) => Promise<void>;

/** What sessions are made with. */
export interface SignInServices extends SessionKeeping {
  readonly identity: IdentityOptions;
  readonly codes: OneTimeCodes;
  /** Where people find the dashboard. */
  readonly origin: string;
}

/** As whom the API server knows the client's user. Throws HttpError Unauthorized with `refusal` and `next` where it does not. */
export async function requireKnown(client: KubeClient, refusal: string, next?: string): Promise<KnownUser> {
  try {
    return await whoAmI(client);
  } catch (error) {
    if (!isKubeError(error, 'Unauthorized')) throw error;
    throw new HttpError(401, 'Unauthorized', refusal, next);
  }
}
