import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { en } from '../../dashboard/page/words/en.ts';
import { accessibilityProblems, horizontalOverflow } from '../support/browser/accessibility.ts';
import { PLACES, setScene } from '../support/browser/scene.ts';
import { takeScreenshot } from '../support/browser/screenshots.ts';
import { dashboardStory } from '../support/browser/story.ts';
import { viewRelease } from '../support/cluster/installation.ts';
import { eventually } from '../support/eventually.ts';

const { actions: say } = en;
const PHONE = { width: 360, height: 740 };

describe('a tenant', () => {
  const dashboard = dashboardStory();
  const { story } = dashboard;
  let registry: string;

  beforeAll(async () => {
    await setScene(story);
    registry = (await viewRelease(story.kubectl, PLACES.dev, 'shop').get()).spec.chart.registry ?? '';
  }, 600_000);

  const greetingIn = async (namespace: string, name: string): Promise<unknown> =>
    story.kubectl('get', 'configmap', name, '-n', namespace, '-o', 'jsonpath={.data.greeting}');

  test('installs a chart of a registry by the form of its schema, or by YAML beside it', async () => {
    const { page } = await dashboard.open('/charts');
    await page.getByLabel(en.charts.registry).fill(registry);
    await page.getByRole('button', { name: en.charts.show }).click();
    await page.getByRole('link', { name: 'shop', exact: true }).click();
    await page.getByText('Sells what the orchard bears.').waitFor();
    await look(page, 'chart');
    await page.getByRole('button', { name: say.names.install }).click();
    const dialog = page.getByRole('dialog');
    const greeting = dialog.getByLabel('Greeting');
    const yaml = dialog.getByLabel(say.values, { exact: true });
    await greeting.fill('ahoy');
    expect(await yaml.inputValue()).toBe('greeting: ahoy\n');
    await yaml.fill('greeting: welcome\n');
    expect(await greeting.inputValue()).toBe('welcome');
    await dialog.getByLabel(en.charts.name).fill('stall');
    await dialog.getByLabel(en.charts.namespace).fill(PLACES.prod);
    await dialog.getByLabel(en.charts.account).focus();
    await dialog.getByText('ConfigMap/stall').first().waitFor();
    await look(page, 'install');
    await dialog.getByRole('button', { name: say.confirm.install, exact: true }).click();
    await page.waitForURL(new RegExp(`/releases/${PLACES.prod}/stall$`));
    await viewRelease(story.kubectl, PLACES.prod, 'stall').inForce(1);
    expect(await greetingIn(PLACES.prod, 'stall')).toBe('welcome');
  });

  test('promotes the chart version of one environment to the next', async () => {
    const { page } = await dashboard.open('/tenants');
    await page.locator('meter').first().waitFor();
    await look(page, 'tenants');
    await page.getByRole('button', { name: en.tenants.promote('1.1.0') }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('ConfigMap/shop').first().waitFor();
    await dialog.getByRole('button', { name: say.confirm.promote, exact: true }).click();
    await viewRelease(story.kubectl, PLACES.prod, 'shop').inForce(2);
    await eventually(
      () => page.getByRole('button', { name: en.tenants.promote('1.1.0') }).count(),
      (left) => left === 0,
    );
  });

  test('sees in which fields the cluster differs from the version in force', async () => {
    await viewRelease(story.kubectl, PLACES.dev, 'shop').patch({ drift: 'Report' });
    await story.kubectl(
      'patch',
      'configmap',
      'shop',
      '-n',
      PLACES.dev,
      '--type=merge',
      '-p={"data":{"greeting":"drifted"}}',
    );
    const { page } = await dashboard.open(`/releases/${PLACES.dev}/shop/versions`);
    await page.getByText(en.versions.liveButton).click();
    const object = page.getByRole('region', { name: 'ConfigMap/shop' });
    await object.getByText('.data.greeting').waitFor();
    await object.getByText('drifted').waitFor();
    await object.getByText('welcome').waitFor();
    await look(page, 'live');
  });
});

/** Keeps a picture of the page, and has it accessible, and no wider than a telephone. */
async function look(page: Page, name: string): Promise<void> {
  await takeScreenshot(page, `${name}-light`);
  expect(await accessibilityProblems(page)).toEqual([]);
  const size = page.viewportSize() ?? PHONE;
  await page.setViewportSize(PHONE);
  await takeScreenshot(page, `${name}-narrow`);
  expect(await horizontalOverflow(page)).toBe(0);
  await page.setViewportSize(size);
}
