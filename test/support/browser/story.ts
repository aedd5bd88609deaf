import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { ControlPlane } from '../../control-plane/index.ts';
import { story, type Story } from '../cluster/story.ts';
import { startBrowser } from './chromium.ts';
import { enter, kubeconfigOf, startDashboard, type Entered, type RunningDashboard } from './dashboard.ts';
import { takeScreenshot } from './screenshots.ts';
import { watchedPage, type WatchedPage } from './watched-page.ts';

/** A browser on the dashboard of a cluster. Pages that a test opens are closed when it ends; a fault that they had fails it. */
export interface Dashboard {
  /** Opens a page as the administrator. */
  open(path: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  /** Opens a page as whoever has this token, on a dashboard of their own, as everybody has one. */
  as(token: string, path: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  /** Stops the administrator's server, and starts it again once something was done meanwhile; returns the address that lets in. */
  restart(meanwhile: () => Promise<void>): Promise<string>;
}

interface Serving {
  readonly server: RunningDashboard;
  readonly entered: Entered;
}

/** Begins a test file about the dashboard on the whole system. */
export function dashboardStory(): Dashboard & { readonly story: Story } {
  const begun = story();
  return { story: begun, ...dashboardOn(() => begun.controlPlane) };
}

/** Begins a test file about the dashboard on a control plane, which is asked for when the first page is opened. */
export function dashboardOn(controlPlane: () => ControlPlane): Dashboard {
  let browser: Browser | undefined;
  const serving = new Map<string, Serving>();
  const pages = watchedPages();

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([...serving.values()].map(async ({ server }) => server.stop()));
  });

  const serve = async (kubeconfig: string, port?: number): Promise<Serving> => {
    if (!browser) throw new Error('no page can be opened before the tests and their hooks');
    const server = await startDashboard(controlPlane(), { kubeconfig, ...(port === undefined ? {} : { port }) });
    const served = { server, entered: await enter(browser, server) };
    serving.set(kubeconfig, served);
    return served;
  };
  const openBy = async (kubeconfig: string, path: string, options?: BrowserContextOptions): Promise<WatchedPage> => {
    const { server, entered } = serving.get(kubeconfig) ?? (await serve(kubeconfig));
    if (!browser) throw new Error('there is no browser');
    const watched = await watchedPage(browser, server.origin, { storageState: entered, ...options });
    pages.push(watched);
    await watched.page.goto(`${server.origin}${path}`);
    return watched;
  };
  return {
    open: async (path, options) => openBy(controlPlane().kubeconfig, path, options),
    as: async (token, path, options) => openBy(await kubeconfigOf(controlPlane(), token), path, options),
    restart: async (meanwhile) => {
      const { kubeconfig } = controlPlane();
      const before = serving.get(kubeconfig);
      await before?.server.stop();
      await meanwhile();
      const port = before === undefined ? undefined : Number(new URL(before.server.origin).port);
      const server = await startDashboard(controlPlane(), port === undefined ? {} : { port });
      if (before !== undefined) serving.set(kubeconfig, { ...before, server });
      return server.entrance;
    },
  };
}

/** Pages that are looked after: what a test opened is closed when it ends, and what was wrong with any of them fails it. */
function watchedPages(): Pick<WatchedPage[], 'push'> {
  const pages: WatchedPage[] = [];
  let ofTest = 0;
  let failures = 0;
  beforeEach(() => {
    ofTest = pages.length;
    failures = failuresSoFar();
  });
  afterEach(async () => {
    const faults = pages.flatMap((page) => page.faults.splice(0));
    if (failuresSoFar() > failures) for (const [index, page] of pages.entries()) await tell(page, index);
    for (const page of pages.splice(ofTest)) await page.close();
    expect(faults).toEqual([]);
  });
  return pages;
}

/** What a page shows when its test has failed. */
async function tell({ page }: WatchedPage, index: number): Promise<void> {
  await takeScreenshot(page, `failed-${process.pid}-${index}`).catch(() => undefined);
  const text = await page.innerText('body', { timeout: 5_000 }).catch(String);
  process.stderr.write(`${page.url()} shows:\n${text.slice(0, 3_000)}\n`);
}

function failuresSoFar(): number {
  return (globalThis as { failures?: number }).failures ?? 0;
}
