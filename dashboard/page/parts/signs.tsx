import type { ShownHealth } from '../../api/index.ts';
import { now } from '../live/clock.ts';
import { ageOf } from '../words/age.ts';
import { language, words } from '../words/words.ts';
import { Icon } from './icon.tsx';

/** A colour as a sign and a word. */
export function HealthSign({ health, quiet = false }: { health: ShownHealth; quiet?: boolean }) {
  const word = words.value.health[health];
  return (
    <span class={`health health-${health}`} title={quiet ? word : undefined}>
      <Icon name={health} />
      <span class={quiet ? 'hidden' : undefined}>{word}</span>
    </span>
  );
}

/** How long ago a time is, with the time itself for those who point at it. */
export function Age({ at }: { at: string }) {
  // Only then, as the browser's own formats take long when they are first used.
  const tell = (element: HTMLElement): void => {
    element.title = new Date(at).toLocaleString(language.value);
  };
  return (
    <time class="num nowrap" dateTime={at} onPointerEnter={({ currentTarget }) => tell(currentTarget)}>
      {ageOf(at, now.value)}
    </time>
  );
}
