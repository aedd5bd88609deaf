/** What is recent. */
export const RECENT_HOURS = 3;
/** The same in milliseconds. */
export const RECENT_MS = RECENT_HOURS * 3_600_000;
