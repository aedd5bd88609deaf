import { expect, test } from '@jest/globals';
import { warmUp } from '../../../../chart-renderer/sandbox/warm-up.ts';

test('the chart that warms up a renderer renders, with objects, a hook and notes', async () => {
  const rendering = await warmUp(1, () => true);
  expect(rendering?.objects.map(({ object }) => object.kind)).toEqual([
    'Secret',
    'ConfigMap',
    'Service',
    'Deployment',
    'Ingress',
  ]);
  expect(rendering?.hooks).toHaveLength(1);
  expect(rendering?.notes).toContain('Port 80 of warm-app in up.');
});

test('warming up stops as soon as there is something to do', async () => {
  let asked = 0;
  await warmUp(10, () => asked++ < 3);
  expect(asked).toBe(4);
});
