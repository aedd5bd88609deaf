import { computed, signal } from '@preact/signals';
import { routeOf } from './route.ts';

const present = (): { path: string; query: string } => ({ path: location.pathname, query: location.search });

/** The address that is shown. */
export const place = signal(present());
/** The page of that address. */
export const route = computed(() => routeOf(place.value.path));
/** The parameters of that address. */
export const parameters = computed(() => new URLSearchParams(place.value.query));

/** Goes to an address: as a new entry of the browser's history, or in place of the present one. */
export function goTo(address: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') {
    history.replaceState({ scroll: scrollY }, '');
    history.pushState({}, '', address);
    scrollTo(0, 0);
  } else history.replaceState(history.state, '', address);
  place.value = present();
}

/** Makes links within the page change the address without loading it again, and the browser's back and forward buttons work. */
export function followLinks(): void {
  history.scrollRestoration = 'manual';
  addEventListener('popstate', (event) => {
    place.value = present();
    const scroll = scrollIn(event.state);
    requestAnimationFrame(() => requestAnimationFrame(() => scrollTo(0, scroll)));
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || !isPlainClick(event) || !isOurs(link)) return;
    event.preventDefault();
    goTo(link.pathname + link.search);
  });
}

function scrollIn(state: unknown): number {
  return typeof state === 'object' && state !== null && 'scroll' in state ? Number(state.scroll) : 0;
}

function isPlainClick(event: MouseEvent): boolean {
  return (
    event.button === 0 && !event.defaultPrevented && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
  );
}

/** Addresses of the server itself, which is asked for them, begin with `/api/`; those with a fragment are of the same page. */
function isOurs(link: HTMLAnchorElement): boolean {
  return (
    link.origin === location.origin && link.target === '' && link.hash === '' && !link.pathname.startsWith('/api/')
  );
}
