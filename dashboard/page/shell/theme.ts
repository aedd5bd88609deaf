import { signal } from '@preact/signals';

/** How light and dark are chosen. */
export const THEMES = ['auto', 'light', 'dark'] as const;

/** One of these ways. */
export type Theme = (typeof THEMES)[number];

const KEPT = 'coxswain.theme';

/** The way that is in use. */
export const theme = signal<Theme>(THEMES.find((known) => known === localStorage.getItem(KEPT)) ?? 'auto');

/** Switches to another theme, and remembers it in this browser. */
export function chooseTheme(next: Theme): void {
  theme.value = next;
  localStorage.setItem(KEPT, next);
  applyTheme();
}

/** Gives the document the theme that was chosen. */
export function applyTheme(): void {
  if (theme.value === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme.value;
}
