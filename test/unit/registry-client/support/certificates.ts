import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (name: string): string => readFileSync(join(import.meta.dirname, 'certificates', name), 'utf8');

/** Certificates of one authority that only tests trust; they last a hundred years, except the one that is expired. */
export const certificates = {
  ca: read('ca.pem'),
  caKey: read('ca-key.pem'),
  serverCert: read('server.pem'),
  serverKey: read('server-key.pem'),
  otherCert: read('other.pem'),
  otherKey: read('other-key.pem'),
  expiredCert: read('expired.pem'),
  expiredKey: read('expired-key.pem'),
  clientCert: read('client.pem'),
  clientKey: read('client-key.pem'),
};
