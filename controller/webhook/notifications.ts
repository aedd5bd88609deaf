import type { ChartPlace } from '../../registry-client/index.ts';
import { valueAt } from '../../resources/index.ts';

/** What a registry reports: in which format, and where something was pushed. */
export interface Notification {
  format: 'distribution' | 'harbor' | 'github';
  /** None where the event is of another kind. */
  pushed: ChartPlace[];
}

/** Manifests, and lists of them; what else is pushed (configurations, layers) has no tag to follow. */
const MANIFEST = /\b(manifest|index)\b/;
const GITHUB_HOST = 'ghcr.io';

/**
 * Reads a notification of the CNCF distribution registry, of Harbor (its own format and CloudEvents) or of GitHub's `package` and
 * `registry_package` events. Undefined for anything else.
 */
export function readNotification(body: unknown): Notification | undefined {
  if (Array.isArray(valueAt(body, 'events'))) return { format: 'distribution', pushed: pushedToDistribution(body) };
  const event = valueAt(body, 'event_data') ?? valueAt(body, 'data');
  if (valueAt(event, 'repository') !== undefined) return { format: 'harbor', pushed: pushedToHarbor(body, event) };
  const chart = valueAt(body, 'package') ?? valueAt(body, 'registry_package');
  if (chart !== undefined) return { format: 'github', pushed: pushedToGithub(chart) };
  // The first delivery of a new webhook.
  return valueAt(body, 'zen') === undefined ? undefined : { format: 'github', pushed: [] };
}

function pushedToDistribution(body: unknown): ChartPlace[] {
  const events = valueAt(body, 'events') as unknown[];
  return events.flatMap((event) => {
    const isPush = valueAt(event, 'action') === 'push' && MANIFEST.test(textAt(event, 'target', 'mediaType') ?? '');
    const url = textAt(event, 'target', 'url') ?? '';
    const host = URL.canParse(url) ? new URL(url).host : textAt(event, 'request', 'host');
    return isPush ? placeOf(host, textAt(event, 'target', 'repository')) : [];
  });
}

function pushedToHarbor(body: unknown, event: unknown): ChartPlace[] {
  const type = textAt(body, 'type');
  if (type !== 'PUSH_ARTIFACT' && type !== 'harbor.artifact.pushed') return [];
  const resources = valueAt(event, 'resources');
  const url = Array.isArray(resources) ? textAt(resources[0], 'resource_url') : undefined;
  return placeOf(url?.replace(/^https?:\/\//, '').split('/')[0], textAt(event, 'repository', 'repo_full_name'));
}

function pushedToGithub(chart: unknown): ChartPlace[] {
  const type = textAt(chart, 'package_type')?.toLowerCase();
  if (type !== 'container' && type !== 'docker') return [];
  const [, host, path] =
    /^([^/:]+(?::\d+)?)\/([^:@]+)/.exec(textAt(chart, 'package_version', 'package_url') ?? '') ?? [];
  if (host !== undefined) return placeOf(host, path);
  const owner = textAt(chart, 'namespace') ?? textAt(chart, 'owner', 'login');
  return owner === undefined ? [] : placeOf(GITHUB_HOST, `${owner}/${textAt(chart, 'name')}`);
}

function placeOf(host: string | undefined, path: string | undefined): ChartPlace[] {
  return host === undefined || path === undefined ? [] : [{ host: host.toLowerCase(), path: path.toLowerCase() }];
}

function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}
