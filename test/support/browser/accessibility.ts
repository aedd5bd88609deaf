import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** The problems that axe finds on a page as it stands, one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<Found>('axe.run()');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${help}: ${html} ${any[0]?.message ?? ''}`),
  );
}

type Found = { violations: { id: string; help: string; nodes: { html: string; any: { message: string }[] }[] }[] };

/** By how many pixels a page is wider than its window, so that one has to scroll sideways. */
export async function horizontalOverflow(page: Page): Promise<number> {
  const wider = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  return Math.max(0, wider);
}
