import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { StartOptions } from '../../control-plane/index.ts';
import type { ChartParts } from '../charts/chart-builder.ts';
import type { StoredChart } from '../charts/registry.ts';
import type { ControllerSettings } from './controller.ts';
import { pushParts, startInstallation, type Installation } from './installation.ts';
import { createTenant, tenantOf, type Tenant, type TenantRights } from './tenant.ts';
import { whatHappened } from './what-happened.ts';
import { established } from './kubectl.ts';

/** What a test of the cluster works with. It can be used in tests and hooks, not before: it starts with the first of them. */
export interface Story extends Omit<Installation, 'stop'> {
  /** A namespace with a new name, whose `default` service account has the rights of `admin` in it, or others. */
  tenant(options?: { readonly prefix?: string; readonly rights?: TenantRights }): Promise<Tenant>;
  /** Builds a chart from its parts and pushes it. */
  push(parts: ChartParts): Promise<StoredChart>;
  /** Defines a kind and waits until it is served. */
  define(definition: Record<string, unknown> & { readonly metadata: { readonly name: string } }): Promise<void>;
  /** Writes a file that is removed when the story ends, and returns its path. */
  file(name: string, content: string | Uint8Array): Promise<string>;
}

/** A cold build of the binaries takes this long. */
const START_TIMEOUT_MS = 1_200_000;

/**
 * Begins a test file about the whole system: a control plane of its own with a registry, and Coxswain at work on it, for all tests of the
 * file; when they are over, everything is removed. For a test that fails it prints what happened meanwhile: the log of the controller,
 * the Releases and the Events of the tenants. Hooks that are declared after it find everything running. `options` are asked for before
 * the control plane starts.
 */
export function story(settings: ControllerSettings = {}, options?: () => Promise<StartOptions>): Story {
  let started: Installation | undefined;
  const namespaces: string[] = [];
  const told = { failures: 0, log: 0 };
  const tellFailures = async (): Promise<void> => {
    if (!started) return;
    const log = (await readFile(started.controller.logFile, 'utf8')).slice(told.log);
    const { failures = 0 } = globalThis as { failures?: number };
    if (failures > told.failures) process.stderr.write(await whatHappened(started.kubectl, log, namespaces));
    told.failures = failures;
    told.log += log.length;
  };

  beforeAll(async () => {
    started = await startInstallation(settings, await options?.());
  }, START_TIMEOUT_MS);
  afterEach(tellFailures);
  afterAll(async () => {
    await tellFailures();
    await started?.stop();
  });

  const running = (): Installation => {
    if (!started) throw new Error('nothing of a story can be used before its tests and their hooks');
    return started;
  };
  return {
    get controlPlane() {
      return running().controlPlane;
    },
    get kubectl() {
      return running().kubectl;
    },
    get controller() {
      return running().controller;
    },
    restart: async (changed) => running().restart(changed),
    tenant: async ({ prefix, rights } = {}) => {
      const { kubectl } = running();
      const namespace = await createTenant(kubectl, prefix, rights);
      namespaces.push(namespace);
      return tenantOf(kubectl, namespace);
    },
    push: async (parts) => pushParts(running(), parts),
    define: async (definition) => {
      const { kubectl } = running();
      await kubectl.apply(definition);
      await established(kubectl, definition.metadata.name);
    },
    file: async (name, content) => {
      const path = join(running().controlPlane.directory, name);
      await writeFile(path, content);
      return path;
    },
  };
}
