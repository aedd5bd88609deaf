import { signal } from '@preact/signals';

/** What readers of the screen are told next. */
export const announced = signal('');

/** Tells something to readers of the screen, without moving them. */
export function announce(text: string): void {
  announced.value = text;
}
