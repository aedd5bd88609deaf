import { expect, test } from '@jest/globals';
import { join } from 'node:path';

import { run } from '../../support/cluster/kubectl.ts';
import { describeOnRealNode } from '../../support/real-node/real-node.ts';
import { nodeStory } from '../../support/real-node/story.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'examples', 'demo', 'main.ts');

describeOnRealNode('the demo', () => {
  nodeStory();

  test('tells its story on a real node, to the end', async () => {
    const { code, stdout, stderr } = await run(process.execPath, [MAIN], { env: { DEMO: 'once', CHARTS: '' } });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain('registry.test/web:broken');
    expect(stdout).toContain('All of it did what it says');
  });
});
