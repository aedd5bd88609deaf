/** The pages of one Release, by the last part of their addresses. */
export const RELEASE_TABS = ['overview', 'versions', 'values', 'manifest', 'events', 'logs'] as const;

/** One of the pages of a Release. */
export type ReleaseTab = (typeof RELEASE_TABS)[number];

/** Which page an address is of. */
export type Route =
  | { readonly page: 'releases' | 'charts' | 'tenants' | 'unknown' }
  | { readonly page: 'release'; readonly namespace: string; readonly name: string; readonly tab: ReleaseTab };

/** The page at a path; what is no address of ours is `unknown`. */
export function routeOf(path: string): Route {
  const [top = 'releases', ...rest] = path.split('/').filter(Boolean).map(decoded);
  if (top === 'releases' && rest.length > 0) return releaseRoute(rest);
  const isPage = top === 'releases' || top === 'charts' || top === 'tenants';
  return { page: isPage && rest.length === 0 ? top : 'unknown' };
}

function releaseRoute([namespace, name, last = 'overview', ...more]: readonly string[]): Route {
  const tab = RELEASE_TABS.find((known) => known === last);
  if (namespace === undefined || name === undefined || tab === undefined || more.length > 0) return { page: 'unknown' };
  return { page: 'release', namespace, name, tab };
}

/** The address of a Release, or of one of its pages. */
export function releasePath(of: { namespace: string; name: string }, tab: ReleaseTab = 'overview'): string {
  const path = `/releases/${encodeURIComponent(of.namespace)}/${encodeURIComponent(of.name)}`;
  return tab === 'overview' ? path : `${path}/${tab}`;
}

/** A path with a query of those parameters that have a value. */
export function withQuery(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const query = new URLSearchParams(given).toString();
  return query === '' ? path : `${path}?${query}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not an escape that anybody writes: it is taken as it stands, and found to be no address of ours.
    return part;
  }
}
