import { createPrivateKey, createSign, randomUUID } from 'node:crypto';

import { certificates } from '../../unit/registry-client/support/certificates.ts';
import type { Handler } from '../../unit/registry-client/support/server.ts';

/** Who is given tokens, and who is told what was asked for. */
export type TokenServerOptions = { authorization: string; onGrant?: (url: URL) => void };

/** The service and issuer of the tokens, for the registry that is to take them. */
export const TOKENS = { service: 'test', issuer: 'test issuer' };

/** A token server for distribution, which wants ES256 tokens with the certificate of the issuer in them. */
export function tokenServer({ authorization, onGrant }: TokenServerOptions): Handler {
  return (request, response) => {
    const url = new URL(request.url ?? '', 'http://registry');
    if (request.headers.authorization !== authorization) return void response.writeHead(401).end();
    onGrant?.(url);
    const access = url.searchParams.getAll('scope').map((scope) => {
      const [type, name, actions = ''] = scope.split(':');
      return { type, name, actions: actions.split(',') };
    });
    const now = Math.floor(Date.now() / 1000);
    const times = { exp: now + 60, nbf: now - 5, iat: now };
    const claims = { iss: TOKENS.issuer, sub: 'ada', aud: TOKENS.service, jti: randomUUID(), access, ...times };
    response.end(JSON.stringify({ token: signed(claims) }));
  };
}

function signed(claims: object): string {
  const certificate = certificates.ca.replaceAll(/-----[^-]+-----|\s/g, '');
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ typ: 'JWT', alg: 'ES256', x5c: [certificate] })}.${part(claims)}`;
  const key = { key: createPrivateKey(certificates.caKey), dsaEncoding: 'ieee-p1363' as const };
  return `${text}.${createSign('sha256').update(text).sign(key).toString('base64url')}`;
}
