import { describe, expect, test } from '@jest/globals';
import { blockingFields, type FieldSet, type KubeObject } from '../../../../resources/index.ts';
import { object } from '../objects.ts';

const VOLUMES = { 'k:{"name":"v"}': { 'f:name': {} }, 'k:{"name":"other"}': { 'f:name': {} } };
const ENV = { 'f:env': { 'k:{"name":"A"}': { '.': {}, 'f:valueFrom': {} } } };

function deployment(strategy: object, pod: object): KubeObject {
  const made = object('Deployment/web', { spec: { strategy, template: { spec: pod } } });
  const podFields: FieldSet = { 'f:volumes': VOLUMES, 'f:containers': { 'k:{"name":"c"}': ENV } };
  const fieldsV1 = { 'f:spec': { 'f:template': { 'f:spec': podFields } } };
  return { ...made, metadata: { ...made.metadata, managedFields: [{ manager: 'us', operation: 'Apply', fieldsV1 }] } };
}

const live = deployment(
  { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } },
  {
    volumes: [
      { name: 'other', emptyDir: {} },
      { name: 'v', emptyDir: {} },
    ],
    containers: [{ name: 'c', env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: {}, configMapKeyRef: {} } }] }],
  },
);
const desired = deployment(
  { type: 'Recreate' },
  {
    volumes: [{ name: 'v', configMap: { name: 'x' } }],
    containers: [{ name: 'c', env: [{ name: 'A', valueFrom: { configMapKeyRef: {} } }] }],
  },
);

const inPod = (set: FieldSet): FieldSet => ({ 'f:spec': { 'f:template': { 'f:spec': set } } });
const inEnv = (set: FieldSet): FieldSet =>
  inPod({ 'f:containers': { 'k:{"name":"c"}': { 'f:env': { 'k:{"name":"A"}': set } } } });

describe('blockingFields', () => {
  test.each<[string, string, FieldSet]>([
    [
      'a field that is refused and not desired',
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
      { 'f:spec': { 'f:strategy': { 'f:rollingUpdate': {} } } },
    ],
    [
      'what stands beside the one of several, in the item of the same key, at whatever position',
      'spec.template.spec.volumes[7].configMap: Forbidden: may not specify more than 1 volume type',
      inPod({ 'f:volumes': { 'k:{"name":"v"}': { 'f:emptyDir': {} } } }),
    ],
    [
      'what stands in the field of which there may be one only',
      'spec.template.spec.containers[0].env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time',
      inEnv({ 'f:valueFrom': { 'f:fieldRef': {} } }),
    ],
    [
      'what the refusal names as excluding what is desired',
      'spec.template.spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
      inEnv({ 'f:value': {} }),
    ],
  ])('%s', (_name, refusal, fields) => {
    expect(blockingFields(desired, live, `Deployment.apps "web" is invalid: ${refusal}`)).toEqual(fields);
  });

  test('several fields, each once', () => {
    const volume = 'spec.template.spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type';
    const refusal = `[spec.strategy.rollingUpdate: Invalid value: {"c":1}: no, ${volume}, ${volume}]`;
    expect(blockingFields(desired, live, refusal)?.['f:spec']).toEqual({
      'f:strategy': { 'f:rollingUpdate': {} },
      'f:template': { 'f:spec': { 'f:volumes': { 'k:{"name":"v"}': { 'f:emptyDir': {} } } } },
    });
  });

  test('at the top of the spec', () => {
    const [theirs, ours] = [{ maxUnavailable: 1 }, { minAvailable: 1 }];
    const refusal = 'spec: Invalid value: {"minAvailable":1}: minAvailable and maxUnavailable cannot be both set';
    const budget = (spec: object): KubeObject => object('PodDisruptionBudget/web', { spec });
    expect(blockingFields(budget(ours), budget({ ...theirs, ...ours }), refusal)).toEqual({
      'f:spec': { 'f:maxUnavailable': {} },
    });
  });

  test.each([
    ['a field that is desired', 'spec.strategy.type: Invalid value: "x": no'],
    ['a missing field', 'spec.strategy.other: Forbidden: no'],
    ['a field that may not change', 'spec.strategy.rollingUpdate: Invalid value: {}: field is immutable'],
    ['another refusal', 'deployments.apps "web" is forbidden: exceeded quota'],
  ])('nothing for %s', (_name, refusal) => {
    expect(blockingFields(desired, live, refusal)).toBeUndefined();
  });
});
