import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { BROWSER_PATIENCE_MS } from './chromium.ts';

/** A page, and what was wrong with it: errors in its console, those of its policy among them, and requests to other places. */
export type WatchedPage = {
  readonly page: Page;
  /** What was wrong so far; none is left where a test ends well. */
  readonly faults: string[];
  /** Forgets the faults that match, as a test may bring them about; throws where there is none. */
  readonly expected: (fault: RegExp) => void;
  readonly close: () => Promise<void>;
};

/** Opens an empty page, with cookies and a storage of its own, that is to load only what is at `origin`. */
export async function watchedPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(BROWSER_PATIENCE_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  context.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol.startsWith('http') && asked !== new URL(origin).origin) faults.push(`request: ${request.url()}`);
  });
  return {
    page,
    faults,
    expected: (fault) => {
      const others = faults.filter((text) => !fault.test(text));
      if (others.length === faults.length) throw new Error(`no fault matches ${fault}: ${faults.join('; ')}`);
      faults.splice(0, Infinity, ...others);
    },
    close: async () => context.close(),
  };
}
