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
  const full = new Date(at).toLocaleString(language.value);
  return (
    <time class="num nowrap" dateTime={at} title={full}>
      {ageOf(at, now.value)}
    </time>
  );
}
