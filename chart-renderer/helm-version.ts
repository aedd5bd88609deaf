/** The versions of Helm that can be followed; the README lists where they differ. */
export const HELM_VERSIONS = ['v3', 'v4'] as const;

/** A version of Helm. */
export type HelmVersion = (typeof HELM_VERSIONS)[number];

/** The one that is followed by default. */
export const DEFAULT_HELM_VERSION: HelmVersion = 'v4';
