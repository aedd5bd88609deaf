import { RegistryError } from '../errors.ts';
import type { ConnectionOptions } from '../options.ts';
import { parseRegistry } from '../reference.ts';
import { withRegistry } from './connect.ts';
import { listPages } from './pages.ts';

/** Lists the repositories in the space of an OCI registry; see `listCharts`. */
export async function listOciCharts(source: { registry: string } & ConnectionOptions): Promise<string[]> {
  const url = parseRegistry(source.registry);
  const space = url.pathname.split('/').filter((part) => part !== '');
  const prefix = space.map((part) => `${part}/`).join('');
  const names = await withRegistry(url, 'registry:catalog:*', source, async (connect) => {
    const session = await connect();
    return listPages(session, new URL('/v2/_catalog', session.home), 'repositories');
  });
  if (names === undefined) {
    throw new RegistryError({
      code: 'NotFound',
      reason: 'the registry does not list what it has',
      nextStep: 'name a chart, whose versions every registry lists',
    });
  }
  const inside = names.filter((name) => name.startsWith(prefix) && name.length > prefix.length);
  return inside.map((name) => name.slice(prefix.length)).toSorted();
}
