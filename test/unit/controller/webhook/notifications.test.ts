import { describe, expect, test } from '@jest/globals';
import { readNotification } from '../../../../controller/webhook/notifications.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CHARTS = { host: 'registry.example.com', path: 'charts/web' };

describe('CNCF distribution', () => {
  const event = (more: object = {}, target: object = {}): object => ({
    id: '1',
    action: 'push',
    target: {
      mediaType: MANIFEST,
      digest: `sha256:${'0'.repeat(64)}`,
      repository: 'charts/web',
      url: 'https://registry.example.com/v2/charts/web/manifests/sha256:0',
      tag: '1.2.3',
      ...target,
    },
    request: { id: '2', host: 'registry.internal:5000', method: 'PUT' },
    ...more,
  });

  test('a push of a manifest, at the address in the registry’s own URL', () => {
    expect(readNotification({ events: [event()] })).toEqual({ format: 'distribution', pushed: [CHARTS] });
  });

  test('without a URL, at the host that was pushed to', () => {
    const [pushed] = readNotification({ events: [event({}, { url: '' })] })?.pushed ?? [];
    expect(pushed?.host).toBe('registry.internal:5000');
  });

  test('several events in one notification', () => {
    const body = {
      events: [event(), event({}, { repository: 'charts/Other', mediaType: MANIFEST.replace('manifest', 'index') })],
    };
    expect(readNotification(body)?.pushed.map(({ path }) => path)).toEqual(['charts/web', 'charts/other']);
  });

  test.each([
    ['a pull', event({ action: 'pull' })],
    ['a layer', event({}, { mediaType: 'application/octet-stream' })],
    ['no repository', event({}, { repository: undefined })],
    ['null', null],
    ['a list', []],
  ])('%s is ignored', (_, each) => {
    expect(readNotification({ events: [each] })).toEqual({ format: 'distribution', pushed: [] });
  });
});

describe('Harbor', () => {
  const data = {
    resources: [{ digest: 'sha256:0', tag: '1.2.3', resource_url: 'registry.example.com/charts/web:1.2.3' }],
    repository: { name: 'web', namespace: 'charts', repo_full_name: 'charts/web', repo_type: 'private' },
  };

  test.each([
    ['its own format', { type: 'PUSH_ARTIFACT', occur_at: 1, operator: 'ci', event_data: data }],
    ['CloudEvents', { specversion: '1.0', id: '1', source: '/projects/1', type: 'harbor.artifact.pushed', data }],
  ])('a push in %s', (_, body) => {
    expect(readNotification(body)).toEqual({ format: 'harbor', pushed: [CHARTS] });
  });

  test.each([
    ['a scan', { type: 'SCANNING_COMPLETED', event_data: data }],
    ['a push of nothing', { type: 'PUSH_ARTIFACT', event_data: { ...data, resources: [] } }],
  ])('%s is ignored', (_, body) => {
    expect(readNotification(body)).toEqual({ format: 'harbor', pushed: [] });
  });
});

describe('GitHub', () => {
  const chart = (more: object = {}): object => ({
    name: 'charts/web',
    namespace: 'Acme',
    package_type: 'CONTAINER',
    owner: { login: 'Acme' },
    package_version: { package_url: 'ghcr.io/acme/charts/web:1.2.3' },
    ...more,
  });
  const pushed = [{ host: 'ghcr.io', path: 'acme/charts/web' }];

  test.each([
    ['package', { action: 'published', package: chart() }],
    ['registry_package', { action: 'updated', registry_package: chart() }],
    ['package without a URL', { action: 'published', package: chart({ package_version: {} }) }],
    [
      'package without a namespace',
      { action: 'published', package: chart({ namespace: undefined, package_version: {} }) },
    ],
  ])('the event %s', (_, body) => expect(readNotification(body)).toEqual({ format: 'github', pushed }));

  test('a package of another kind, and the first ping, are ignored', () => {
    expect(readNotification({ package: chart({ package_type: 'npm' }) })).toEqual({ format: 'github', pushed: [] });
    expect(readNotification({ zen: 'Keep it simple.', hook_id: 1 })).toEqual({ format: 'github', pushed: [] });
  });
});

test.each([{}, [], null, 'push', 7, { events: {} }, { push_data: {} }, { data: {} }, { type: 'PUSH_ARTIFACT' }])(
  '%j is not a notification',
  (body) => expect(readNotification(body)).toBeUndefined(),
);
