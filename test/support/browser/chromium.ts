import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** For how long a page is waited for, as `eventually` waits: slow on a busy machine is no fault. */
export const BROWSER_PATIENCE_MS = 120_000;

const NAMES = ['chromium', 'google-chrome', 'chromium-browser'];

/** It asks nobody for anything, and leaves nothing behind. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser with a new profile: `$CHROMIUM`, else the one in PATH. Throws with what to install. */
export async function startBrowser(): Promise<Browser> {
  const timeout = BROWSER_PATIENCE_MS;
  return chromium.launch({ executablePath: chromiumPath(), headless: true, args: FLAGS, timeout });
}

function chromiumPath(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const path = process.env['CHROMIUM'] || paths.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new Error('the dashboard is tested in Chromium: apt-get install chromium, or set CHROMIUM to its path');
  }
  return path;
}
