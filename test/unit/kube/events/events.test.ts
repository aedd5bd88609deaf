import { expect, test } from '@jest/globals';
import type { KubeClient } from '../../../../kube/client.ts';
import { eventRecorder } from '../../../../kube/events/events.ts';
import type { KubeObject } from '../../../../resources/index.ts';

test('a namespace with very many events neither delays nor displaces those of another', async () => {
  const sent: string[] = [];
  const create = async (_resource: unknown, event: KubeObject): Promise<KubeObject> => {
    sent.push(event.metadata.namespace ?? '');
    return Promise.resolve(event);
  };
  const recorder = eventRecorder({ create } as unknown as KubeClient, { controller: 'test' });
  const record = (namespace: string, name: string): void => {
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, uid: name } };
    recorder.record({ object, type: 'Normal', reason: 'Done', message: 'done' });
  };
  for (let index = 0; index < 1_500; index += 1) record('many', `${index}`);
  record('few', 'web');
  await recorder.flush();
  expect(sent.indexOf('few')).toBeLessThan(3);
  expect(sent.indexOf('few')).toBeGreaterThan(-1);
  expect(sent.length).toBeLessThan(300);
});
