import type { ComponentChildren } from 'preact';
import { AnswerError } from '../live/ask.ts';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';

/** That something failed, why, and what to do about it. */
export function Failure({ error, again }: { error: unknown; again?: (() => void) | undefined }) {
  const { error: say } = words.value;
  const facts = factsOf(error);
  return (
    <div class="notice notice-Red" role="alert">
      <Icon name="warn" />
      <div>
        <p class="notice-title">{facts.title ?? say.title}</p>
        <p>{facts.message}</p>
        {facts.next !== undefined && <p>{facts.next}</p>}
      </div>
      {again !== undefined && (
        <button type="button" class="button" onClick={again}>
          {say.again}
        </button>
      )}
    </div>
  );
}

interface Facts {
  readonly title?: string;
  readonly message: string;
  readonly next?: string | undefined;
}

function factsOf(error: unknown): Facts {
  const { error: say } = words.value;
  if (!(error instanceof AnswerError)) return { message: error instanceof Error ? error.message : String(error) };
  if (error.status === 0) return { title: say.noAnswer, message: say.noAnswerNext };
  if (error.status === 403) return { title: say.forbidden, message: error.message, next: error.next };
  return { message: error.message, next: error.next };
}

/** Something that is to be known, in a colour. */
export function Notice({
  tone,
  children,
}: {
  tone: 'Red' | 'Yellow' | 'Green' | 'plain';
  children: ComponentChildren;
}) {
  return (
    <div class={`notice notice-${tone}`}>
      {tone !== 'plain' && <Icon name={tone === 'Green' ? 'Green' : 'warn'} />}
      <div>{children}</div>
    </div>
  );
}

/** In place of what is not there, with what to do next. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** While something is being asked for. */
export function Loading() {
  return (
    <p class="loading" role="status">
      {words.value.loading}
    </p>
  );
}
