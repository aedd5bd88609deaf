import { editOf, editOn } from './edit-of.ts';
import type { Edited } from './edit-of.ts';

/** What was begun with and what was typed, by the uid of the Release: until it is sent, or the page is left. */
const drafts = new Map<string, { readonly begun: Edited; readonly typed: Edited }>();

/** What was typed before and not sent, on what is there now; null where there is none. */
export function draftOf(uid: string, now: Edited): Edited | null {
  const draft = drafts.get(uid);
  return draft === undefined ? null : editOn(now, draft.begun, draft.typed);
}

/** Keeps what is typed; what changes nothing is not kept. */
export function keepDraft(uid: string, begun: Edited, typed: Edited): void {
  if (editOf(begun, typed) === null) drafts.delete(uid);
  else drafts.set(uid, { begun, typed });
}

/** Forgets what was typed, as it was sent or is not wanted. */
export function dropDraft(uid: string): void {
  drafts.delete(uid);
}
