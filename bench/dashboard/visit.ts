import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** What a first visit takes, with nothing kept from an earlier one. */
export interface Visit {
  /** As they are sent: compressed, without headers. */
  readonly bytes: number;
  /** Until the first Release is on the screen. */
  readonly contentMs: number;
  readonly page: Page;
}

/** How long an empty page takes, which nothing can be faster than: until one word is on the screen, in milliseconds. */
export async function emptyVisitMs(browser: Browser): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const beganAt = performance.now();
  await page.goto('data:text/html,<p>word');
  await page.getByText('word').waitFor();
  const tookMs = performance.now() - beganAt;
  await context.close();
  return tookMs;
}

/** Visits the list of Releases with the cookies of somebody who has signed in. */
export async function firstVisit(
  browser: Browser,
  origin: string,
  storageState: NonNullable<BrowserContextOptions['storageState']>,
): Promise<Visit> {
  const context = await browser.newContext({ storageState });
  const page = await context.newPage();
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (new URL(request.url()).pathname.startsWith('/api/')) return;
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  const beganAt = performance.now();
  await page.goto(`${origin}/`);
  await page.locator('.line-row').first().waitFor();
  const contentMs = performance.now() - beganAt;
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  return { bytes, contentMs, page };
}
