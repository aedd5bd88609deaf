import type { EventRow } from '../../api/index.ts';

/** The events in which all words of a text occur, the newest first. */
export function eventsWith(events: readonly EventRow[], text: string, onlyWarnings: boolean): readonly EventRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return events
    .filter(({ type, reason, object, message }) => {
      const searched = `${reason}\n${object}\n${message}`.toLowerCase();
      return (!onlyWarnings || type === 'Warning') && words.every((word) => searched.includes(word));
    })
    .toReversed();
}
