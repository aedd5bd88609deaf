import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureBinaries } from '../test/control-plane/index.ts';
import { countedOf, markAudit, requestsSince } from '../test/support/cluster/audit.ts';
import type { Installation } from '../test/support/cluster/installation.ts';
import { succeed, type PublicChart } from '../test/support/charts/public-charts.ts';
import { storeChart } from '../test/support/charts/registry.ts';
import { measuresOf, type Action, type Measures, type Sample } from './measure.ts';
import { createTenant } from '../test/support/cluster/tenant.ts';

/** Real Helm with a home of its own, in which it has read what the API server serves. */
export interface Helm {
  readonly installation: Installation;
  readonly directory: string;
  run(args: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

const NAME = 'bench';

/** Prepares real Helm for a control plane. */
export async function startHelm(installation: Installation): Promise<Helm> {
  const { helm } = await ensureBinaries(['helm']);
  const directory = await mkdtemp(join(tmpdir(), 'coxswain-helm-'));
  const env = { KUBECONFIG: installation.controlPlane.kubeconfig, HOME: directory };
  const run = async (args: readonly string[]): Promise<string> => succeed(helm, args, env);
  return { installation, directory, run, remove: async () => rm(directory, { recursive: true, force: true }) };
}

/** Takes a chart through its life by Helm, `runs` times, each in a namespace of its own. */
export async function measureHelm(helm: Helm, chart: PublicChart, runs: number): Promise<Measures> {
  const { controlPlane, kubectl } = helm.installation;
  const stored = await storeChart(controlPlane, chart.archive);
  const source = [`${stored.registry}/${stored.name}`, '--version', stored.version, '--plain-http'];
  const before = await valuesFile(helm, 'before', chart.values);
  const after = await valuesFile(helm, 'after', chart.upgrade?.values ?? {});
  const changes: [Action, string[]][] = [
    ['upgrade', ['upgrade', NAME, ...source, '--values', after]],
    ['rollback', ['rollback', NAME, '1']],
  ];
  const commands: [Action, string[]][] = [
    ['install', ['install', NAME, ...source, '--values', before]],
    ['no-op', ['upgrade', NAME, ...source, '--values', before]],
    ...(chart.upgrade ? changes : []),
    ['uninstall', ['uninstall', NAME]],
  ];
  const samples: Sample[] = [];
  // The first run fills the cache of what the API server serves, and counts for nothing.
  for (let run = -1; run < runs; run++) {
    const namespace = await createTenant(kubectl, 'bench', 'trusted');
    for (const [action, args] of commands) {
      const mark = await markAudit(controlPlane);
      const begun = performance.now();
      await helm.run([...args, '--namespace', namespace]);
      const timesMs = [performance.now() - begun];
      const requests = countedOf('Helm/', await requestsSince(mark));
      if (run >= 0) samples.push({ action, requests, timesMs });
    }
  }
  return measuresOf(samples);
}

async function valuesFile(helm: Helm, name: string, values: object): Promise<string> {
  const path = join(helm.directory, `${name}.json`);
  await writeFile(path, JSON.stringify(values));
  return path;
}
