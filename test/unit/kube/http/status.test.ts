import { describe, expect, test } from '@jest/globals';

import { errorFromResponse } from '../../../../kube/http/status.ts';

const attempt = { verb: 'apply', resource: 'deployments.apps', namespace: 'shop', name: 'web' };

const refusal = (status: object): string => JSON.stringify({ kind: 'Status', apiVersion: 'v1', ...status });

describe('errorFromResponse', () => {
  test.each([
    [404, { reason: 'NotFound', details: { name: 'web' } }, 'NotFound', false],
    [404, { reason: 'NotFound', details: {} }, 'NotServed', false],
    [409, { reason: 'AlreadyExists' }, 'AlreadyExists', false],
    [409, { reason: 'Conflict' }, 'Conflict', false],
    [403, { reason: 'Forbidden' }, 'Forbidden', false],
    [401, { reason: 'Unauthorized' }, 'Unauthorized', true],
    [422, { reason: 'Invalid' }, 'Invalid', false],
    [400, { reason: 'BadRequest' }, 'BadRequest', false],
    [429, { reason: 'TooManyRequests' }, 'TooManyRequests', true],
    [500, { reason: 'InternalError', message: 'failed calling webhook "x"' }, 'Unavailable', true],
    [500, { message: 'etcdserver: request timed out' }, 'Unavailable', true],
    [500, { message: 'etcdserver: request is too large' }, 'TooLarge', false],
    [
      500,
      { message: 'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.x' },
      'Invalid',
      false,
    ],
    [
      500,
      { message: 'failed to create typed live object (shop/a; /v1, Kind=ServiceAccount): .secrets: element 0: x' },
      'Invalid',
      false,
    ],
    [503, { reason: 'ServiceUnavailable' }, 'Unavailable', true],
    [504, { reason: 'Timeout' }, 'TimedOut', true],
    [410, { reason: 'Expired' }, 'Gone', false],
    [413, { reason: 'RequestEntityTooLarge' }, 'TooLarge', false],
    [
      403,
      { reason: 'Forbidden', details: { causes: [{ reason: 'NamespaceTerminating' }] } },
      'NamespaceTerminating',
      false,
    ],
    [403, { reason: 'Forbidden', message: 'pods "a" is forbidden: exceeded quota: q' }, 'Denied', false],
    [403, { reason: 'Forbidden', message: 'admission webhook "x.y" denied the request: no' }, 'Denied', false],
    [
      403,
      { reason: 'Forbidden', message: 'roles "a" is forbidden: user "x" is attempting to grant' },
      'Forbidden',
      false,
    ],
    [
      409,
      {
        reason: 'Conflict',
        message: 'Operation cannot be fulfilled on resourcequotas "q": the object has been modified',
      },
      'Unavailable',
      true,
    ],
    [500, { message: 'unable to convert: illegal base64 data at input byte 4' }, 'Invalid', false],
    [418, {}, 'Unknown', false],
  ])('%i %j is %s', (status, body, code, transient) => {
    const error = errorFromResponse(attempt, status, refusal(body));
    expect(error).toMatchObject({ code, transient, status, verb: 'apply', namespace: 'shop', objectName: 'web' });
  });

  test.each([
    ['<html>bad gateway</html>', 502, 'Unavailable'],
    ['404 page not found', 404, 'NotServed'],
    ['null', 400, 'BadRequest'],
    ['{"kind":"Other"}', 500, 'Unavailable'],
  ])('handles a response that is not a Status: %j', (body, status, code) => {
    expect(errorFromResponse(attempt, status, body)).toMatchObject({ code, status });
  });

  test('says what was attempted on what, and why', () => {
    const { message } = errorFromResponse(attempt, 422, refusal({ message: 'spec.replicas: Invalid value: -1' }));
    expect(message).toBe('apply deployments.apps "web" in namespace "shop": spec.replicas: Invalid value: -1');
  });

  test('reads the conflicts of server-side apply', () => {
    const causes = [
      { reason: 'FieldManagerConflict', message: 'conflict with "kubectl" using apps/v1', field: '.spec.replicas' },
      { reason: 'FieldManagerConflict', message: 'conflict with "a \\"b\\"" with subresource "scale"', field: '.x' },
      { reason: 'FieldValueInvalid', message: 'other', field: '.y' },
    ];
    expect(errorFromResponse(attempt, 409, refusal({ reason: 'Conflict', details: { causes } })).conflicts).toEqual([
      { manager: 'kubectl', field: '.spec.replicas' },
      { manager: 'a \\"b\\"', field: '.x' },
    ]);
  });

  test('reads the permission that RBAC refused', () => {
    const user = 'User "system:serviceaccount:shop:default"';
    const inNamespace = `x is forbidden: ${user} cannot create resource "deployments" in API group "apps" in the namespace "shop"`;
    const atLarge = `x is forbidden: ${user} cannot list resource "nodes" in API group "" at the cluster scope`;
    const denied = [inNamespace, atLarge, 'exceeded quota'].map(
      (message) => errorFromResponse(attempt, 403, refusal({ reason: 'Forbidden', message })).denied,
    );
    expect(denied).toEqual([
      { verb: 'create', resource: 'deployments', group: 'apps', namespace: 'shop' },
      { verb: 'list', resource: 'nodes', group: '' },
      undefined,
    ]);
  });

  test.each([
    ['7', {}, 7_000],
    [undefined, { details: { retryAfterSeconds: 3 } }, 3_000],
    ['Fri, 31 Dec 1999 23:59:59 GMT', {}, undefined],
    ['-1', {}, undefined],
    [undefined, {}, undefined],
  ])('reads how long to wait from %j and %j', (header, body, expected) => {
    expect(errorFromResponse(attempt, 429, refusal(body), header).retryAfterMs).toBe(expected);
  });

  test.each([
    [
      500,
      'failed to create typed patch object (shop/s; /v1, Kind=Secret): .stringData.pin: expected string, got &value{"hunter2"}',
      '.stringData.pin',
    ],
    [400, 'Secret in version "v1" cannot be handled: json: .data.hunter2 of ...', ''],
    [422, 'data[x]: Invalid value: "hunter2"', 'data[x]'],
  ])('keeps the values of a Secret out of the message (%i)', (status, message, field) => {
    const secret = { ...attempt, resource: 'secrets' };
    const details = status === 422 ? { causes: [{ reason: 'FieldValueInvalid', field, message }] } : {};
    const error = errorFromResponse(secret, status, refusal({ message, details }));
    expect(error.message).not.toContain('hunter2');
    expect(error.message).toContain(field);
  });
});
