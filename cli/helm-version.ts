import type { HelmVersion } from '../crds/index.ts';
import { CliError } from './errors.ts';

/** The option that says which version of Helm is followed, for `readArguments`. */
export const HELM_VERSION_OPTION = { 'helm-version': { type: 'string' } } as const;

/** That version; undefined where none is given. Throws CliError Usage. */
export function helmVersionOf(flags: { readonly 'helm-version'?: string | undefined }): HelmVersion | undefined {
  const given = flags['helm-version'];
  if (given === undefined || given === 'v3' || given === 'v4') return given;
  throw new CliError('Usage', `--helm-version=${given} is not known: use v3 or v4`);
}
