import { RegistryError } from '../errors.ts';

const TLS_EXPECTED = new Set(['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);
const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECODE|DECRYPT)|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/;
const MALFORMED = /^(HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_EXCEEDED|UND_ERR_NOT_SUPPORTED|UND_ERR_INVALID_ARG)/;

/** Returns the URL as it may be shown: without user, password and query, which may hold secrets. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** Turns what a socket, TLS or the HTTP parser threw into a `RegistryError`. */
export function failureOf(error: unknown, url: URL): RegistryError {
  if (error instanceof RegistryError) return error;
  const code = codeOf(error);
  if (speaksPlainHttp(error)) {
    return new RegistryError({
      code: 'InsecureTransport',
      reason: `${url.host} does not speak TLS, and plain HTTP is refused`,
      nextStep: 'serve it over HTTPS or allow plain HTTP for it',
      cause: error,
    });
  }
  if (CERTIFICATE.test(code)) {
    return new RegistryError({
      code: 'CertificateRejected',
      reason: `the certificate of ${url.host} was not accepted (${code})`,
      nextStep: 'renew it, or pass the certificate authority that issued it',
      cause: error,
    });
  }
  if (MALFORMED.test(code)) {
    const reason = `${shown(url)} sent a response that is not valid HTTP or is too large (${code})`;
    return new RegistryError({ code: 'InvalidResponse', reason, cause: error });
  }
  const refusal = /^Proxy response \((\d+)\)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (refusal !== undefined) {
    const reason = `the proxy refused the connection to ${url.host} (${refusal})`;
    return new RegistryError({ code: 'Unavailable', transient: true, reason, cause: error });
  }
  const reason = `${shown(url)} could not be read (${code === '' ? 'connection failed' : code})`;
  return new RegistryError({ code: 'Unavailable', transient: true, reason, cause: error });
}

/** Tells whether a TLS handshake failed because the other side answered in plain text. */
export function speaksPlainHttp(error: unknown): boolean {
  return TLS_EXPECTED.has(codeOf(error));
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('name' in error && error.name === 'TimeoutError') return 'timeout';
  if ('name' in error && error.name === 'HTTPParserError') return 'HPE_INVALID';
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
