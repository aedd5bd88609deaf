import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds that keeps somebody from using a page as it stands, one line each. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<Found>('axe.run()');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${help}: ${html} ${any[0]?.message ?? ''}`),
  );
}

type Found = { violations: { id: string; help: string; nodes: { html: string; any: { message: string }[] }[] }[] };

/** How far a page is wider than its window, in pixels: then one has to scroll to both sides. */
export async function overhang(page: Page): Promise<number> {
  const wider = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  return Math.max(0, wider);
}
