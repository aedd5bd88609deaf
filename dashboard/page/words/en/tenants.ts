/** The tenants and their environments. */
export const tenants = {
  tenants: {
    title: 'Tenants',
    releases: 'Releases',
    none: 'There are no tenants to show',
    noneNext: 'A tenant appears here once it has a release that you may see.',
    absent: 'not here',
    used: (used: string, hard: string) => `${used} of ${hard}`,
    promote: (version: string) => `Promote ${version}`,
    promoteLong: (version: string, from: string, to: string) => `Promote ${version} from ${from} to ${to}`,
  },
};
