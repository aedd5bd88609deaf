import { signal } from '@preact/signals';
import { en } from './en.ts';

/** All that the page says, in one language. */
export type Words = typeof en;

/** The languages that there are. */
export const LANGUAGES = { en: 'English', zh: '中文' } as const;

/** One of them. */
export type Language = keyof typeof LANGUAGES;

const KEPT = 'coxswain.language';

/** The language that is shown. */
export const language = signal<Language>('en');
/** What the page says in it. */
export const words = signal<Words>(en);

/** Shows another language, and remembers it in this browser. */
export async function chooseLanguage(next: Language): Promise<void> {
  words.value = next === 'zh' ? (await import('./zh.ts')).zh : en;
  language.value = next;
  document.documentElement.lang = next;
  localStorage.setItem(KEPT, next);
}

/** Shows the language that was chosen before, else the browser's own. */
export async function restoreLanguage(): Promise<void> {
  const wanted = localStorage.getItem(KEPT) ?? navigator.language.slice(0, 2);
  if (wanted === 'zh') await chooseLanguage(wanted);
}
