import { beforeAll, describe, expect, test } from '@jest/globals';
import { en } from '../../dashboard/page/words/en.ts';
import { dashboardStory } from '../support/browser/story.ts';
import { eventually } from '../support/eventually.ts';
import { SCRIPT } from '../support/browser/hostile-chart.ts';
import { PASSWORD, PLACES, setScene } from '../support/browser/scene.ts';
import { PAGES, takeScreenshot } from '../support/browser/screenshots.ts';
import { accessibilityProblems, horizontalOverflow } from '../support/browser/accessibility.ts';

const PAGE_NAMES = Object.keys(PAGES) as (keyof typeof PAGES)[];

describe('the pages', () => {
  const dashboard = dashboardStory();
  beforeAll(async () => setScene(dashboard.story), 600_000);

  test.each(PAGE_NAMES)('%s: accessible, light and dark', async (name) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await dashboard.open(PAGES[name].path, { colorScheme });
      await page.getByText(PAGES[name].shows).first().waitFor();
      await takeScreenshot(page, `${name}-${colorScheme}`);
      expect(await accessibilityProblems(page)).toEqual([]);
    }
  });

  test.each(PAGE_NAMES)('%s: no horizontal scrolling on a phone or at twice the text size', async (name) => {
    for (const [size, viewport] of Object.entries({
      narrow: { width: 360, height: 740 },
      zoomed: { width: 640, height: 400 },
    })) {
      const { page } = await dashboard.open(PAGES[name].path, { viewport });
      await page.getByText(PAGES[name].shows).first().waitFor();
      await takeScreenshot(page, `${name}-${size}`);
      expect(await horizontalOverflow(page)).toBe(0);
    }
  });

  test('the objects of a Release are walked by keys alone', async () => {
    const { page } = await dashboard.open(PAGES.broken.path);
    await page.route('**/logs/**', async (route) => route.fulfill({ body: 'no log\n' }));
    const line = (text: string) => page.getByRole('treeitem').filter({ hasText: text }).first();
    await line('ImagePullBackOff').waitFor();
    const current = async (): Promise<string | null> => page.locator('.node-current .node-name').textContent();
    const isOpen = async (): Promise<string | null> => page.locator('.node-current').getAttribute('aria-expanded');
    await page.getByRole('tree').focus();
    const names: (string | null)[] = [];
    for (const key of ['End', 'Home', 'ArrowDown', 'ArrowUp']) {
      await page.keyboard.press(key);
      names.push(await current());
    }
    expect(names).toEqual(['app', 'broken', 'broken-login', 'broken']);
    for (const key of ['ArrowLeft', 'ArrowRight', 'Enter', ' ']) {
      const before = await isOpen();
      await page.keyboard.press(key);
      await page.locator(`.node-current[aria-expanded="${before === 'false'}"]`).waitFor();
    }
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    expect(await current()).toMatch(/^broken-/);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/logs\?pod=broken-.*&container=app$/);
  });

  test('focus stays where a language is chosen, and goes to the title of the next page', async () => {
    const { page } = await dashboard.open(PAGES.releases.path);
    await page.getByText(PAGES.releases.shows).first().waitFor();
    const title = await page.title();
    const languages = page.getByLabel(en.language);
    await languages.focus();
    await languages.selectOption('zh');
    await eventually(
      async () => page.title(),
      (shown) => shown !== title,
    );
    expect(await page.locator('.language select:focus').count()).toBe(1);
    await page.locator('nav a[href="/tenants"]').click();
    await page.locator('h1:focus').waitFor();
  });

  test('a Release that does not exist is reported as not found', async () => {
    const { page } = await dashboard.open(`/releases/${PLACES.dev}/nowhere`);
    await page.getByText(en.release.notThere).waitFor();
  });

  test('none of them shows a secret', async () => {
    for (const name of PAGE_NAMES) {
      const { page } = await dashboard.open(PAGES[name].path);
      await page.getByText(PAGES[name].shows).first().waitFor();
      expect(await page.content()).not.toContain(PASSWORD);
    }
  });

  test('markup in a chart is shown as text', async () => {
    const trap = `/releases/${PLACES.other}/trap`;
    const shown = {
      '': en.release.notes,
      versions: en.versions.inForce,
      values: 'trap',
      manifest: 'kind: Pod',
      events: 'Pod/trap',
    };
    for (const [tab, text] of Object.entries(shown)) {
      const { page } = await dashboard.open(`${trap}/${tab}`);
      await page.getByRole('main').getByText(text).last().waitFor();
      expect(await page.evaluate('globalThis.trapped')).toBeUndefined();
      expect(await page.locator('a[href^="javascript:"], img, script:not([src])').count()).toBe(0);
    }
    const { page } = await dashboard.open(trap);
    const notes = page.getByRole('region', { name: en.release.notes });
    await notes.getByText(SCRIPT).waitFor();
    // Neither escapes nor letters that turn others round.
    const text = await notes.innerText();
    for (const sign of ['\u001b', '\u202e']) expect(text).not.toContain(sign);
  });
});
