/** As deep as what templates work with may be: as YAML may be that is read. */
export const MAX_DEPTH = 1_000;

/**
 * Keys and values that a Release may give beside those of its chart, several times as many as the largest charts have: what is done to
 * them in one go is over in some 50 ms.
 */
export const MAX_NODES = 50_000;
