import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { accessibilityProblems, horizontalOverflow } from '../support/browser/accessibility.ts';
import { startBrowser } from '../support/browser/chromium.ts';
import { watchedPage } from '../support/browser/watched-page.ts';

const POLICY = "default-src 'none'; script-src 'self'";
const FLAWED = `<!doctype html><html lang="en"><title>t</title><main><h1>t</h1>
  <img src="http://127.0.0.1:9/elsewhere.png"><script>document.title = 'inline'</script><div style="width: 3000px">wide</div></main>`;

describe('the watch over a page', () => {
  let browser: Browser;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    browser = await startBrowser();
    server = createServer(({ url }, response) => {
      const policy = url === '/strict' ? { 'content-security-policy': POLICY } : {};
      response.writeHead(200, { 'content-type': 'text/html', ...policy }).end(FLAWED);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test('notices a request to another origin', async () => {
    const { page, faults, close } = await watchedPage(browser, origin);
    await page.goto(`${origin}/`);
    expect(faults).toContain('request: http://127.0.0.1:9/elsewhere.png');
    await close();
  });

  test('notices what the page’s policy refuses', async () => {
    const { page, faults, close } = await watchedPage(browser, origin);
    await page.goto(`${origin}/strict`);
    expect(faults.filter((fault) => fault.includes('Content Security Policy'))).not.toEqual([]);
    expect(await page.title()).toBe('t');
    await close();
  });

  test('notices what axe finds, and content wider than the window', async () => {
    const { page, close } = await watchedPage(browser, origin);
    await page.goto(`${origin}/`);
    expect((await accessibilityProblems(page)).join('\n')).toContain('image-alt');
    expect(await horizontalOverflow(page)).toBeGreaterThan(1000);
    await close();
  });
});
