import type { Kubectl } from './kubectl.ts';

const MAX_LINES = 40;

/**
 * For a person who reads why a test failed: the last lines that the controller logged meanwhile, and the Releases and Events of the
 * namespaces that they name.
 */
export async function whatHappened(kubectl: Kubectl, log: string, namespaces: readonly string[]): Promise<string> {
  const concerned = namespaces.filter((namespace) => log.includes(namespace));
  const overviews = await Promise.all(concerned.map(async (namespace) => overviewOf(kubectl, namespace)));
  return `\n${[...overviews, 'Log of the controller', lastLines(log)].join('\n')}\n\n`;
}

async function overviewOf(kubectl: Kubectl, namespace: string): Promise<string> {
  const get = async (...args: string[]): Promise<string> =>
    (await kubectl.attempt(['get', ...args, '--namespace', namespace])).stdout;
  const releases = await get('releases', '--output=wide');
  const events = await get('events', '--sort-by=.metadata.creationTimestamp');
  return [`Namespace ${namespace}`, releases, lastLines(events), ''].join('\n');
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-MAX_LINES).join('\n');
}
