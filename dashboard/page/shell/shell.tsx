import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Viewer } from '../../api/index.ts';
import { hasFeature, send } from '../live/ask.ts';
import { Icon } from '../parts/icon.tsx';
import { LANGUAGES, language, chooseLanguage, words } from '../words/words.ts';
import type { Language } from '../words/words.ts';
import { route } from './place.ts';
import { announced } from './announce.ts';
import { THEMES, theme, chooseTheme } from './theme.ts';

/** What stands around each page: the way to the content, the pages, who looks, and how it looks. */
export function Shell({ who, children }: { who: Viewer | null; children: ComponentChildren }) {
  const say = words.value;
  return (
    <>
      <a class="skip" href="#content">
        {say.skip}
      </a>
      <header class="bar">
        <div class="bar-inner">
          <a class="brand" href="/">
            <Mark />
            <span>{say.title}</span>
          </a>
          <nav class="pages" aria-label={say.pages.label}>
            <PageLink page="releases" href="/" />
            {hasFeature('charts') && <PageLink page="charts" href="/charts" />}
            <PageLink page="tenants" href="/tenants" />
          </nav>
          <div class="bar-end">
            {who !== null && <Identity who={who} />}
            <DisplaySettings />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <div class="hidden" role="status" aria-live="polite">
        {announced.value}
      </div>
    </>
  );
}

function PageLink({ page, href }: { page: 'releases' | 'charts' | 'tenants'; href: string }) {
  const here = route.value.page === page || (page === 'releases' && route.value.page === 'release');
  return (
    <a href={href} aria-current={here ? 'page' : undefined}>
      {words.value.pages[page]}
    </a>
  );
}

function Identity({ who }: { who: Viewer }) {
  const leave = async (): Promise<void> => {
    await send('/api/sign-out', {});
    // Nothing of what was shown stays for whoever signs in next.
    location.reload();
  };
  return (
    <>
      <span class="identity" title={who.groups.join(', ')}>
        {words.value.user(who.user, who.cluster)}
      </span>
      {who.signOut && (
        <button type="button" class="button button-small" onClick={() => void leave()}>
          {words.value.signOut}
        </button>
      )}
    </>
  );
}

/** The switches of language and of light and dark. */
export function DisplaySettings() {
  const { theme: say, language: languageLabel } = words.value;
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'auto';
  const pictures = { auto: 'auto', light: 'sun', dark: 'moon' } as const;
  return (
    <>
      <label class="language">
        <span class="hidden">{languageLabel}</span>
        <select
          value={language.value}
          onChange={({ currentTarget }) => void chooseLanguage(languageIn(currentTarget.value))}
        >
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="button button-small button-icon"
        title={`${say.label}: ${say[theme.value]}`}
        aria-label={`${say.label}: ${say[theme.value]}`}
        onClick={() => chooseTheme(next)}
      >
        <Icon name={pictures[theme.value]} />
      </button>
    </>
  );
}

function languageIn(text: string): Language {
  return text === 'zh' ? text : 'en';
}

/** The title of a page: of the document too, and where one is after going there. */
export function PageTitle({ text, children }: { text: string; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${text} · ${words.value.title}`;
    if (shownIn === language.value) heading.current?.focus({ preventScroll: true });
    shownIn = language.value;
  }, [text, language.value]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? text}
    </h1>
  );
}

/** The language of the title before: with the first title, and with one in another language, focus stays where it is. */
let shownIn: Language | undefined;

function Mark() {
  return (
    <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="mark-ground" width="32" height="32" rx="7" />
      <path class="mark-sign" d="M7 13v6l4 .6V24h3.4v-3.8L25 22V10z" />
    </svg>
  );
}
