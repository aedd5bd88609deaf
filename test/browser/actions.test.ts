import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { en } from '../../dashboard/page/words/en.ts';
import { eventually } from '../support/eventually.ts';
import type { StoredChart } from '../support/charts/registry.ts';
import { webChart } from '../support/charts/web-chart.ts';
import type { ReleaseView } from '../support/cluster/installation.ts';
import type { Tenant } from '../support/cluster/tenant.ts';
import { viewerWith } from '../support/browser/scene.ts';
import { dashboardStory } from '../support/browser/story.ts';

const { actions: say } = en;

describe('actions', () => {
  const dashboard = dashboardStory();
  const { story } = dashboard;
  let chart: StoredChart;
  let next: StoredChart;
  let tenant: Tenant;
  let release: ReleaseView;
  let page: Page;

  beforeAll(async () => {
    chart = await story.push(webChart('1.0.0'));
    next = await story.push(webChart('1.1.0'));
  });
  beforeEach(async () => {
    tenant = await story.tenant({ prefix: 'actions' });
    release = await tenant.apply('web', chart);
    await release.inForce(1);
    ({ page } = await dashboard.open(`/releases/${tenant.namespace}/web`));
  });

  /** Opens the dialog of an action; what is not at hand is in the menu. */
  async function choose(name: string): Promise<void> {
    const button = page.getByRole('button', { name, exact: true });
    await page.getByRole('group', { name: say.label }).waitFor();
    if (!(await button.isVisible())) await page.getByText(say.more, { exact: true }).click();
    await button.click();
  }

  const confirm = async (name: string): Promise<void> =>
    page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

  /** The command that the dialog shows. */
  const shownCommand = async (): Promise<string> =>
    page.getByRole('dialog').locator('.command code').first().innerText();

  test('suspend and resume', async () => {
    await choose(say.names.suspend);
    expect(await shownCommand()).toBe(`kubectl release suspend web -n ${tenant.namespace}`);
    await confirm(say.confirm.suspend);
    await release.until(({ spec }) => spec.suspend === true);
    await page.getByText(en.releases.suspended, { exact: true }).first().waitFor();
    await choose(say.names.resume);
    await confirm(say.confirm.resume);
    await release.until(({ spec }) => spec.suspend !== true);
  });

  test('change values after a preview, and roll back after another', async () => {
    await choose(say.names.edit);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(say.values).fill('greeting: ahoy\n');
    await dialog.getByText('ahoy').nth(1).waitFor();
    await dialog.getByText('ConfigMap/web').waitFor();
    await confirm(say.confirm.edit);
    await release.inForce(2);
    expect(await tenant.configMap('web')).toMatchObject({ greeting: 'ahoy' });
    // The version is an edit, too: a dialog that is opened before the page has seen it says so.
    await page.getByText(`web ${chart.version} · ${en.release.version(2)}`).waitFor();
    await choose(say.names.rollback);
    await dialog.getByText('ConfigMap/web').waitFor();
    expect(await shownCommand()).toBe(`kubectl release rollback web 1 -n ${tenant.namespace}`);
    await confirm(say.confirm.rollback);
    await release.inForce(1);
    expect(await tenant.configMap('web')).toMatchObject({ greeting: 'hello' });
  });

  test('another version of the chart', async () => {
    await choose(say.names.edit);
    await page.getByRole('dialog').getByLabel(say.chartVersion).fill(next.version);
    await confirm(say.confirm.edit);
    await release.inForce(2);
    await page.getByText('1.1.0').first().waitFor();
  });

  test('approve exactly the plan that is shown', async () => {
    await release.patch({ approval: 'Manual', values: { replicas: 2 } });
    await page.getByRole('button', { name: say.names.approve }).click();
    await page.getByRole('dialog').getByText('.spec.replicas').waitFor();
    await confirm(say.confirm.approve);
    await release.inForce(2);
  });

  test('reconcile, also with hooks run again', async () => {
    await choose(say.names.reconcile);
    await confirm(say.confirm.reconcile);
    const tokenOf = async (): Promise<string | undefined> =>
      (await release.get()).metadata.annotations?.['coxswain.dev/reconcile'];
    const token = await eventually(tokenOf, (seen) => seen !== undefined);
    await choose(say.names.rerun);
    await confirm(say.confirm.rerun);
    await eventually(tokenOf, (seen) => seen !== token);
  });

  test('delete by keyboard alone, once the name is typed', async () => {
    await page.getByRole('group', { name: say.label }).waitFor();
    await tabTo(page, say.more);
    await page.keyboard.press('Enter');
    await tabTo(page, say.names.delete);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(say.typeName('web')).waitFor();
    await tabTo(page, '', 'INPUT');
    await page.keyboard.type('web');
    // Not before it is known what goes with it.
    await dialog.locator('button:not([aria-disabled="true"])', { hasText: say.confirm.delete }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText(en.release.gone).waitFor();
    expect((await tenant.kubectl.attempt(['get', 'release', 'web'])).code).not.toBe(0);
  });

  test('are disabled, with the reason, for a user who may only view', async () => {
    const { namespace } = tenant;
    const token = await viewerWith(story.kubectl, `guest-${namespace}`, 'view', [namespace]);
    const guest = await dashboard.as(token, `/releases/${namespace}/web`);
    const button = guest.page.getByRole('button', { name: say.names.edit });
    await eventually(
      () => button.getAttribute('aria-disabled'),
      (disabled) => disabled === 'true',
    );
    // It can be reached and pressed, so that a screen reader comes to it, but only says why not.
    await button.click({ force: true });
    await guest.page.getByRole('status').getByText(say.refused(say.titles.edit, namespace)).waitFor();
    expect(await guest.page.getByRole('dialog').count()).toBe(0);
    await choose(say.names.suspend);
    await confirm(say.confirm.suspend);
    await guest.page.getByText(en.releases.suspended, { exact: true }).first().waitFor();
  });
});

/** Goes on by Tab until what has the focus says this; fails where that leads back to the beginning. */
async function tabTo(page: Page, text: string, tag = ''): Promise<void> {
  for (let stops = 0; stops < 60; stops += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate<{ text: string; tag: string }>(
      '({ text: document.activeElement.textContent.trim(), tag: document.activeElement.tagName })',
    );
    if (at.text === text && (tag === '' || at.tag === tag)) return;
  }
  throw new Error(`no ${tag} ${text} is reached by Tab`);
}
