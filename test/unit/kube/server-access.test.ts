import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findAccess } from '../../../kube/access/server-access.ts';

test('a kubeconfig that is no YAML is refused without its lines, which may hold a token', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'access-'));
  try {
    const kubeconfig = join(folder, 'config');
    await writeFile(kubeconfig, 'users:\n- user: {token: open-sesame}\n] nonsense\n');
    const reading = findAccess({ kubeconfig }).then(async (source) => source('cached'));
    await expect(reading).rejects.toMatchObject({
      code: 'Misconfigured',
      message: expect.stringMatching(/^loading the cluster's address and credentials: .+$/),
    });
    await expect(reading).rejects.not.toMatchObject({ message: expect.stringContaining('sesame') });
  } finally {
    await rm(folder, { recursive: true });
  }
});
