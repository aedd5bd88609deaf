// What the dashboard costs, and how soon it shows what is: bytes and milliseconds of a first visit, milliseconds from a change in the cluster
// to the screen, memory and CPU of the server with many Releases and viewers; beside `kubectl get releases --watch`, where there is such a
// peer. See README.md.
import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { startControlPlane } from '../../test/control-plane/index.ts';
import { installCoxswain } from '../../test/support/cluster/controller.ts';
import { kubectlFor } from '../../test/support/cluster/kubectl.ts';
import { startBrowser } from '../../test/support/browser/chromium.ts';
import { enter, startDashboard } from '../../test/support/browser/dashboard.ts';
import { manyReleases, nameOfNumber } from '../../test/support/browser/many-releases.ts';
import { judge, print, reportMissed } from '../goals.ts';
import { usageOf } from '../process-usage.ts';
import { emptyVisitMs, firstVisit } from './visit.ts';

const RELEASES = Number(process.env['RELEASES'] ?? 2_000);
const VIEWERS = Number(process.env['VIEWERS'] ?? 20);
const CHANGES = 10;
const GOALS = { bytes: 100_000, contentMs: 1_000, changeMs: 1_000 };
const NAMESPACES = ['orchard-dev', 'orchard-prod', 'harbour-dev', 'harbour-prod'] as const;

const controlPlane = await startControlPlane({ nodes: 1 });
const kubectl = kubectlFor(controlPlane);
const browser = await startBrowser();
try {
  await installCoxswain(controlPlane);
  for (const namespace of NAMESPACES) await kubectl('create', 'namespace', namespace);
  await manyReleases(controlPlane, RELEASES, NAMESPACES);
  await measure();
} finally {
  await browser.close();
  await controlPlane.stop();
}
reportMissed();

async function measure(): Promise<void> {
  const dashboard = await startDashboard(controlPlane);
  const { origin, pid } = dashboard;
  try {
    const state = await enter(browser, dashboard);
    const [first, ...more] = [await firstVisit(browser, origin, state), await firstVisit(browser, origin, state)];
    const visits = [first, ...more, await firstVisit(browser, origin, state)];
    const contentMs = medianOf(visits.map((visit) => visit.contentMs));
    print(
      `first visit, ${RELEASES} Releases: ${first.bytes} bytes compressed, ${contentMs.toFixed(0)} ms to the first Release`,
    );
    const emptyMs = medianOf([await emptyVisitMs(browser), await emptyVisitMs(browser), await emptyVisitMs(browser)]);
    print(`  an empty page takes the browser ${emptyMs.toFixed(0)} ms`);
    print(`  kubectl get releases -A takes ${(await listing()).toFixed(0)} ms`);
    judge(`a first visit loaded ${first.bytes} bytes, goal ${GOALS.bytes}`, first.bytes <= GOALS.bytes);
    judge(`it took ${contentMs.toFixed(0)} ms, goal ${GOALS.contentMs}`, contentMs <= GOALS.contentMs);
    for (const visit of visits.slice(1)) await visit.page.context().close();
    await changes(first.page);
    await viewers(origin, pid, state.cookies.map(({ name, value }) => `${name}=${value}`).join('; '));
  } finally {
    await dashboard.stop();
  }
}

/** How long kubectl takes for the same list: what slows the machine slows both. */
async function listing(): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const beganAt = performance.now();
    await kubectl('get', 'releases', '--all-namespaces');
    times.push(performance.now() - beganAt);
  }
  return medianOf(times);
}

/** From a change in the cluster until it is on the screen, and until `kubectl get releases --watch` has printed it. */
async function changes(page: Page): Promise<void> {
  await page.getByRole('searchbox').fill(nameOfNumber(1));
  const watch = spawn(controlPlane.binaries.kubectl, ['get', 'releases', '-A', '--watch-only', '-o', 'name'], {
    env: { ...process.env, KUBECONFIG: controlPlane.kubeconfig },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: watch.stdout });
  await sleep(2_000);
  const [onScreen, printed]: [number[], number[]] = [[], []];
  for (let change = 0; change < CHANGES; change += 1) {
    const suspend = change % 2 === 0;
    const line = new Promise<number>((resolve) => lines.once('line', () => resolve(performance.now())));
    const seen = page
      .locator('.line-row .flag', { hasText: 'suspended' })
      .waitFor({ state: suspend ? 'visible' : 'detached' })
      .then(() => performance.now());
    await kubectl(
      'patch',
      'release',
      nameOfNumber(1),
      '-n',
      NAMESPACES[1],
      '--type=merge',
      `-p={"spec":{"suspend":${suspend}}}`,
    );
    // kubectl ends some milliseconds after the server has written: both are measured from its end.
    const doneAt = performance.now();
    onScreen.push(Math.max(0, (await seen) - doneAt));
    printed.push(Math.max(0, (await line) - doneAt));
  }
  watch.kill();
  const ms = medianOf(onScreen);
  print(`a change by kubectl is on the screen ${ms.toFixed(0)} ms after kubectl has ended (median of ${CHANGES})`);
  print(`  kubectl get releases --watch prints it after ${medianOf(printed).toFixed(0)} ms`);
  judge(`a change took ${ms.toFixed(0)} ms to the screen, goal ${GOALS.changeMs}`, ms <= GOALS.changeMs);
}

/** Memory and CPU of the server while so many look at the list and somebody keeps changing it; the same of as many `kubectl get --watch`. */
async function viewers(origin: string, pid: number, cookie: string): Promise<void> {
  const alone = await usageOf(pid);
  const streams = Array.from({ length: VIEWERS }, () =>
    request(`${origin}/api/live/releases`, { headers: { cookie, 'accept-encoding': 'gzip' } }),
  );
  for (const stream of streams)
    stream
      .on('response', (answer) => answer.resume())
      .on('error', () => undefined)
      .end();
  await sleep(10_000);
  const before = await usageOf(pid);
  await keepChanging();
  const after = await usageOf(pid);
  for (const stream of streams) stream.destroy();
  print(
    `the server: ${alone.ownMib.toFixed(0)} MiB with one viewer, ${after.ownMib.toFixed(0)} MiB with ${VIEWERS} more ` +
      `(at most ${after.ownPeakMib.toFixed(0)}); ${(after.cpuSeconds - before.cpuSeconds).toFixed(1)} s of CPU for ${CHANGES} changes`,
  );
  const watches = Array.from({ length: VIEWERS }, () =>
    spawn(controlPlane.binaries.kubectl, ['get', 'releases', '-A', '--watch'], {
      env: { ...process.env, KUBECONFIG: controlPlane.kubeconfig },
      stdio: 'ignore',
    }),
  );
  await sleep(10_000);
  const usages = await Promise.all(watches.map(({ pid: watch = 0 }) => usageOf(watch)));
  for (const watch of watches) watch.kill();
  const mib = usages.reduce((sum, { ownMib }) => sum + ownMib, 0);
  print(`  ${VIEWERS} of kubectl get releases --watch: ${mib.toFixed(0)} MiB together`);
}

async function keepChanging(): Promise<void> {
  for (let change = 0; change < CHANGES; change += 1) {
    await kubectl('label', 'release', nameOfNumber(2), '-n', NAMESPACES[2], '--overwrite', `bench=${change}`);
    await sleep(500);
  }
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
