import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cluster } from '../../client/releases/index.ts';
import { HttpError } from './http/answers.ts';
import { jsonBodyOf } from './http/body.ts';
import type { Identity } from './sign-in/identity.ts';

/** A request of somebody who is signed in. */
export interface ViewerRequest {
  readonly identity: Identity;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Answers a request: what it returns is sent as JSON; undefined where it has answered by itself. */
export type Handler = (asked: ViewerRequest) => Promise<object | undefined>;

/** The Release that an address names, in its namespace, as the viewer sees it. */
export function releaseAsked({ identity, params }: ViewerRequest): {
  cluster: Cluster;
  name: string;
  namespace: string;
} {
  const { namespace = '', name = '' } = params;
  return { cluster: { client: identity.client, namespace }, name, namespace };
}

/** A number in the query or the path; undefined where it is not there. Throws HttpError BadRequest. */
export function versionIn(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new HttpError(400, 'BadRequest', `"${text}" is not the number of a version`);
  return Number(text);
}

/** That number; throws HttpError BadRequest where it is missing. */
export function requiredVersion(text: string | null | undefined): number {
  const version = versionIn(text);
  if (version === undefined) throw new HttpError(400, 'BadRequest', 'the number of a version is missing');
  return version;
}

/** The JSON that was sent. */
export async function bodyOf({ request }: ViewerRequest): Promise<unknown> {
  return jsonBodyOf(request);
}
