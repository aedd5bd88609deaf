import { count } from './count.ts';

/** The list of Releases. */
export const releases = {
  releases: {
    title: 'Releases',
    search: 'Filter by name, chart, reason',
    searchHint: 'All words must match; -word excludes. Press / to filter.',
    filterBy: 'Show only',
    order: 'Order',
    orders: { trouble: 'Trouble first', name: 'Name', changed: 'Changed last' },
    columns: {
      health: 'Health',
      name: 'Release',
      chart: 'Chart',
      why: 'Why',
      version: 'Version',
      changed: 'Changed',
      age: 'Age',
    },
    shown: (shown: number, all: number) =>
      shown === all ? count(all, 'release') : `${shown} of ${count(all, 'release')}`,
    reading: (shown: number, all: number) =>
      `${shown === all ? 'First' : `${shown} of the first`} ${count(all, 'release')}; reading the rest…`,
    reorder: (moved: number) => `Order again (${moved} moved)`,
    ofTenant: (number: number) => count(number, 'release'),
    more: (number: number) => `${count(number, 'more release')} not listed. Name namespaces to see fewer.`,
    none: 'There are no releases yet',
    noneNext: 'Install a chart, or create one in a terminal:',
    noMatch: 'No release matches',
    noMatchNext: 'Clear the filter',
    refused: 'You may not list the releases of all namespaces',
    refusedNext: 'Name the namespaces that are yours:',
    refusedIn: (namespace: string) => `You may not list the releases of ${namespace}`,
    namespaces: 'Namespaces, separated by commas',
    show: 'Show',
    version: (version: number) => `v${version}`,
    noVersion: 'none',
    suspended: 'suspended',
    busy: 'working',
    waits: {
      approval: 'waits for approval',
      dependency: 'waits for another object',
      registry: 'waits for the registry',
      deletion: 'being deleted',
    },
  },
};
