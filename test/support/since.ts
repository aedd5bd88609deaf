import { test } from '@jest/globals';

/** What `$KUBERNETES` picks; if nothing, the tests run on the newest. */
const minor = process.env['KUBERNETES'] ?? '';

/** A test of what Kubernetes has since a minor version; where an older one is picked, the test is skipped, and its title says why. */
export function testSince(since: `1.${number}`, title: string, body: () => Promise<void>): void {
  const isOlder = minor !== '' && Number(minor.split('.')[1]) < Number(since.split('.')[1]);
  if (isOlder) test.skip(`${title} (skipped: not in Kubernetes ${minor})`, body);
  else test(title, body);
}
