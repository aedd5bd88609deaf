/** The versions of Helm that charts can be rendered as by; they are told apart where they differ, which the README lists. */
export const HELM_VERSIONS = ['v3', 'v4'] as const;

/** A version of Helm. */
export type HelmVersion = (typeof HELM_VERSIONS)[number];

/** The one that is followed where nobody chooses. */
export const DEFAULT_HELM_VERSION: HelmVersion = 'v4';
