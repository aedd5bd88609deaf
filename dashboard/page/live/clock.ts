import { signal } from '@preact/signals';

/** The present time, for what shows ages: it moves every few seconds, while the page is seen. */
export const now = signal(Date.now());

const TICK_MS = 5_000;

setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, TICK_MS);
