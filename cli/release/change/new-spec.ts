import type { ChartSpec, HelmVersion, ReleaseSpec } from '../../../crds/index.ts';
import { chartReferenceOf } from '../../chart-reference.ts';
import type { ChartFlags } from '../../chart-reference.ts';
import { CliError } from '../../errors.ts';
import { helmVersionOf } from '../../helm-version.ts';
import type { Terminal } from '../../terminal.ts';
import { givenValues, type ValuesFlags } from '../values.ts';
import { refuseReplacedSecrets, type SecretValues } from './secret-values.ts';

/** What a user may say of a new Release on a command line. */
export interface NewReleaseFlags extends ValuesFlags, ChartFlags {
  readonly 'helm-version'?: string | undefined;
  readonly 'service-account'?: string | undefined;
  readonly secret?: string | undefined;
}

/** A spec as it is written: without what the API server fills in. */
export type WrittenSpec = Partial<ReleaseSpec> & { readonly chart: ChartSpec };

/** The spec of a new Release. Throws CliError, and what `givenValues` throws. */
export async function newSpec(chart: string, flags: NewReleaseFlags, secrets: SecretValues): Promise<WrittenSpec> {
  const helmVersion = helmVersionOf(flags);
  const values = await givenValues(flags, helmVersion);
  await refuseReplacedSecrets(values, secrets);
  const account = flags['service-account'];
  return {
    chart: await chosenChart(chart, flags, helmVersion),
    ...(helmVersion && { helmVersion }),
    ...(account !== undefined && { serviceAccountName: account }),
    ...(Object.keys(values).length > 0 && { values }),
    ...(secrets.references.length > 0 && { valuesFrom: [...secrets.references] }),
  };
}

/** The chart that an argument names; a directory or an archive is kept in the Release. Throws CliError, ChartError. */
export async function chosenChart(
  named: string,
  { repo, version, secret }: NewReleaseFlags,
  helmVersion: HelmVersion | undefined,
): Promise<ChartSpec> {
  const local = repo === undefined && !named.includes('://') ? await localChart(named, helmVersion) : undefined;
  if (local !== undefined && version !== undefined)
    throw new CliError('Usage', `--version is for charts in a registry, not for ${named}`);
  if (local !== undefined) return local;
  const reference = await chartReferenceOf(named, { repo, version });
  return { ...reference, ...(secret === undefined ? {} : { secretRef: { name: secret } }) };
}

/** A name could be that of a chart in a repository: without `./`, only a path that exists is meant. */
async function localChart(path: string, helmVersion: HelmVersion | undefined): Promise<ChartSpec | undefined> {
  const { existsSync } = await import('node:fs');
  if (!existsSync(path) && !/^\.{0,2}\//.test(path)) return undefined;
  const { localChart: readLocalChart } = await import('../../charts/chart-source.ts');
  const { MAX_INLINE_CHARS } = await import('../../helm/stored-chart.ts');
  const { bytes } = await readLocalChart(path, helmVersion);
  const inline = Buffer.from(bytes).toString('base64');
  if (inline.length <= MAX_INLINE_CHARS) return { inline };
  throw new CliError('Usage', `the chart ${path} is too large to be kept in a Release`, {
    next: 'Push it to a registry: kubectl release push CHART oci://HOST/SPACE',
  });
}

/** Without a version the newest chart is followed from now on, and not taken once as by `helm install`. */
export function announceFollowing(name: string, { version, digest, inline }: ChartSpec, terminal: Terminal): void {
  if (version !== undefined || digest !== undefined || inline !== undefined) return;
  terminal.err(
    `no --version: ${name} follows the newest stable version of its chart, and is upgraded whenever there is one`,
  );
}
