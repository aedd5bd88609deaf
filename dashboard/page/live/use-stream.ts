import { useLayoutEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Stream } from './stream.ts';

/** Opens a stream, anew when what it is opened for changes, and closes it once the component is gone; null until it is opened. */
export function useStream(open: () => Stream, openedFor: readonly unknown[]): Stream | null {
  const stream = useSignal<Stream | null>(null);
  // Before the first paint, so that the server answers meanwhile.
  useLayoutEffect(() => {
    const opened = open();
    stream.value = opened;
    return () => opened.close();
  }, openedFor);
  return stream.value;
}
