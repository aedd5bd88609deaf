import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { en } from '../../dashboard/page/words/en.ts';
import { startControlPlane, type ControlPlane } from '../control-plane/index.ts';
import { installCoxswain } from '../support/cluster/controller.ts';
import { kubectlFor, type Kubectl } from '../support/cluster/kubectl.ts';
import { manyReleases, nameOfNumber } from '../support/browser/many-releases.ts';
import type { WatchedPage } from '../support/browser/watched-page.ts';
import { dashboardOn } from '../support/browser/story.ts';

const RELEASES = 2_000;
const NAMESPACES = ['orchard-dev', 'orchard-prod', 'harbour-dev', 'harbour-prod'];

/** Keeps what the list says of itself, as it may say it for a moment. */
const RECORD_STATES = `globalThis.states = [];
new MutationObserver(() => states.push(document.querySelector('.filter-state')?.innerText.trim()))
  .observe(document, { subtree: true, childList: true, characterData: true });`;

describe('two thousand Releases', () => {
  let controlPlane: ControlPlane;
  let kubectl: Kubectl;
  let page: Page;
  let expected: WatchedPage['expected'];
  const dashboard = dashboardOn(() => controlPlane);

  beforeAll(async () => {
    // Without a controller: their status is what this test gives them.
    controlPlane = await startControlPlane({ nodes: 1 });
    kubectl = kubectlFor(controlPlane);
    await installCoxswain(controlPlane);
    for (const namespace of NAMESPACES) await kubectl('create', 'namespace', namespace);
    await manyReleases(controlPlane, RELEASES, NAMESPACES);
    ({ page, expected } = await dashboard.open('/'));
  }, 1_200_000);
  afterAll(async () => controlPlane?.stop());

  const rows = () => page.locator('.line-row');
  const search = () => page.getByLabel(en.releases.search);
  const counted = (shown: number) => page.getByText(en.releases.shown(shown, RELEASES), { exact: true });

  test('are counted, and only the visible ones are drawn', async () => {
    await counted(RELEASES).waitFor();
    expect(await rows().count()).toBeLessThan(100);
    expect(await rows().first().locator('.cell-age').innerText()).toMatch(/^\d+[smhd]$/);
    await page.keyboard.press('End');
    await rows().last().waitFor();
    await page.keyboard.press('Home');
  });

  test('are shown in part while the others are read', async () => {
    const { page: fresh } = await dashboard.open('/tenants');
    await fresh.addInitScript(RECORD_STATES);
    await fresh.goto(new URL('/', fresh.url()).href);
    await fresh.getByText(en.releases.shown(RELEASES, RELEASES), { exact: true }).waitFor();
    expect(await fresh.evaluate('states')).toContain(en.releases.reading(50, 50));
  });

  test('are filtered while typing', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('service-1234');
    await counted(1).waitFor();
    await page.getByRole('link', { name: nameOfNumber(1234) }).waitFor();
    await search().fill('');
    await counted(RELEASES).waitFor();
  });

  test('are narrowed to a colour', async () => {
    const red = page.getByRole('button', { name: new RegExp(`^${en.facets.Red}`) }).first();
    await red.click();
    await counted(222).waitFor();
    await red.click();
  });

  test('a change made with kubectl appears without a reload', async () => {
    await search().fill('service-0007');
    await page.evaluate('globalThis.isTheSame = true');
    await kubectl(
      'patch',
      'release',
      nameOfNumber(7),
      '-n',
      'harbour-prod',
      '--type=merge',
      '-p={"spec":{"suspend":true}}',
    );
    await rows().getByText(en.releases.suspended, { exact: true }).waitFor();
    expect(await page.evaluate('globalThis.isTheSame')).toBe(true);
  });

  test('says that the server is unreachable, and signs in again at the address that the next server prints', async () => {
    const entrance = await dashboard.restart(async () => {
      await page.getByText(en.live.waiting).waitFor();
    });
    await page.getByText(en.signIn.kubeconfig).waitFor();
    await page.goto(entrance);
    await counted(RELEASES).waitFor();
    expected(/Failed to load resource/);
  });
});
