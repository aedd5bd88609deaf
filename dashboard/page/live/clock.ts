import { signal } from '@preact/signals';
import { aheadBy } from './ahead-by.ts';

let aheadMs = 0;

/** The present time by the clock of the cluster, for what shows ages: it moves every few seconds, while the page is seen. */
export const now = signal(Date.now());

/** Takes the time from the cluster. */
export function setClock(time: string): void {
  aheadMs = aheadBy(time, Date.now());
  move();
}

function move(): void {
  now.value = Date.now() + aheadMs;
}

const TICK_MS = 5_000;

setInterval(() => {
  if (!document.hidden) move();
}, TICK_MS);
