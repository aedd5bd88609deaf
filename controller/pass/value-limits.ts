/** How deep what templates work with may be: as deep as the YAML that is read may be. */
export const MAX_DEPTH = 1_000;

/**
 * How many keys and values a Release may add to those of its chart: several times as many as the largest charts have. What is done to them
 * in one go takes some 50 ms.
 */
export const MAX_NODES = 50_000;
