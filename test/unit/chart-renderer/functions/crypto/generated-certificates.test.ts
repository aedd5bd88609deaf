import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

const NOW_MS = Date.UTC(2030, 0, 2, 3, 4, 5);
const HOST = { nowMs: () => NOW_MS };

/** The certificates and keys that a template prints one after the other, separated by bars. */
function generated(template: string): string[] {
  const output = evaluate(template, HOST);
  expect(output).not.toMatch(/^ERR/);
  return output.split('|');
}

function certificate(pem: string | undefined): X509Certificate {
  return new X509Certificate(pem ?? '');
}

describe('generated certificates', () => {
  test('an authority signs a server certificate', () => {
    const [ca = '', caKey = '', cert = '', key = ''] = generated(
      '{{ $ca := genCA "the ca" 365 }}{{ $c := genSignedCert "host" (list "10.0.0.1" "fd00::1") (list "a.svc" "b.svc") 10 $ca }}' +
        '{{ $ca.Cert }}|{{ $ca.Key }}|{{ $c.Cert }}|{{ $c.Key }}',
    );
    const authority = certificate(ca);
    const server = certificate(cert);
    expect(authority.ca).toBe(true);
    expect(authority.subject).toBe('CN=the ca');
    expect(authority.checkPrivateKey(createPrivateKey(caKey))).toBe(true);
    expect(server.ca).toBe(false);
    expect(server.issuer).toBe('CN=the ca');
    expect(server.verify(authority.publicKey)).toBe(true);
    expect(server.checkIssued(authority)).toBe(true);
    expect(server.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(server.subjectAltName).toBe('DNS:a.svc, DNS:b.svc, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1');
    expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    expect(Date.parse(server.validFrom)).toBe(NOW_MS);
    expect(Date.parse(server.validTo)).toBe(NOW_MS + 10 * 24 * 60 * 60 * 1000);
  });

  test('dates after 2049 are written in their long form', () => {
    const [pem] = generated('{{ (genCA "x" 10950).Cert }}');
    expect(certificate(pem).validTo).toBe('Dec 26 03:04:05 2059 GMT');
  });

  test.each(['ecdsa', 'ed25519'])('a self-signed certificate with its own %s key', (type) => {
    const [pem] = generated(`{{ (genSelfSignedCertWithKey "x" nil (list "y") 1 (genPrivateKey "${type}")).Cert }}`);
    const own = certificate(pem);
    expect(own.verify(own.publicKey)).toBe(true);
  });

  test('keys and certificates work with one another', () => {
    const [first, second] = generated(
      '{{ $k := genPrivateKey "ecdsa" }}{{ $ca := genCAWithKey "ü" 1 $k }}{{ $c := genSignedCertWithKey "x" nil nil 1 $ca $k }}' +
        '{{ $b := buildCustomCert (b64enc $c.Cert) (b64enc $c.Key) }}{{ $ca.Cert }}|{{ $b.Cert }}',
    );
    expect(certificate(first).subject).toBe('CN=ü');
    expect(certificate(second).verify(certificate(first).publicKey)).toBe(true);
  });

  test.each([
    ['rsa', 'RSA PRIVATE KEY'],
    ['ecdsa', 'EC PRIVATE KEY'],
    ['ed25519', 'PRIVATE KEY'],
    ['dsa', 'DSA PRIVATE KEY'],
  ])('a private key of type %s', (type, header) => {
    const [pem = ''] = generated(`{{ genPrivateKey "${type}" }}`);
    expect(pem.startsWith(`-----BEGIN ${header}-----\n`)).toBe(true);
    expect(createPrivateKey(pem).asymmetricKeyType).toBe(type === 'ecdsa' ? 'ec' : type);
  });

  test('hashes of passwords verify', () => {
    expect(evaluate('{{ htpasswd "me" "secret" }}')).toMatch(/^me:\$2a\$10\$[./A-Za-z0-9]{53}$/);
    expect(evaluate('{{ decryptAES "key" (encryptAES "key" "text") }}')).toBe('text');
  });
});
