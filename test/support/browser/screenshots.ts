import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { en } from '../../../dashboard/page/words/en.ts';
import { PLACES } from './scene.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', '.run', 'screenshots');
const SHOP = `/releases/${PLACES.dev}/shop`;

/** The pages of the scene, and a text that is there once a page is. */
export const PAGES = {
  releases: { path: '/', shows: 'broken' },
  release: { path: SHOP, shows: 'http://shop.orchard-dev' },
  broken: { path: `/releases/${PLACES.dev}/broken`, shows: 'ImagePullBackOff' },
  waiting: { path: `/releases/${PLACES.prod}/gate`, shows: en.actions.waiting },
  versions: { path: `${SHOP}/versions?from=2&to=3`, shows: 'welcome' },
  values: { path: `${SHOP}/values`, shows: 'welcome' },
  manifest: { path: `${SHOP}/manifest`, shows: 'kind: Deployment' },
  events: { path: `${SHOP}/events`, shows: 'Deployment/shop' },
} as const satisfies Record<string, { path: string; shows: string }>;

/** Saves a screenshot of a page in `.run/screenshots`. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}
