import type { FunctionTable } from '../../golang/template/index.ts';
import type { HelmVersion } from '../helm-version.ts';
import { certificateFunctions } from './crypto/certificates.ts';
import { dataFormatFunctions } from './data-formats.ts';
import { dateFunctions } from './numbers/dates.ts';
import { defaultFunctions } from './collections/defaults.ts';
import { dictFunctions } from './collections/dicts.ts';
import { durationFunctions } from './numbers/durations.ts';
import { encodingFunctions } from './text/encoding.ts';
import { hashFunctions } from './crypto/hashes.ts';
import { helmFunctions } from './helm.ts';
import { listFunctions } from './collections/lists.ts';
import { mathFunctions } from './numbers/math.ts';
import { passwordFunctions } from './crypto/passwords.ts';
import { pathFunctions } from './text/paths.ts';
import { randomFunctions } from './numbers/random.ts';
import { reflectionFunctions } from './collections/reflection.ts';
import { regexFunctions } from './text/regex.ts';
import { semverFunctions } from './numbers/semver.ts';
import { stringFunctions } from './text/strings.ts';
import { caseFunctions } from './text/text-case.ts';
import { urlFunctions } from './text/urls.ts';
import { wrapFunctions } from './text/wrap.ts';

/** Every function that Helm gives its templates, besides those of text/template. `env` and `expandenv` are not among them. */
export const HELM_FUNCTIONS: FunctionTable = new Map([
  ...caseFunctions,
  ...certificateFunctions,
  ...dataFormatFunctions,
  ...dateFunctions,
  ...defaultFunctions,
  ...dictFunctions,
  ...durationFunctions,
  ...encodingFunctions,
  ...hashFunctions,
  ...helmFunctions,
  ...listFunctions,
  ...mathFunctions,
  ...passwordFunctions,
  ...pathFunctions,
  ...randomFunctions,
  ...reflectionFunctions,
  ...regexFunctions,
  ...semverFunctions,
  ...stringFunctions,
  ...urlFunctions,
  ...wrapFunctions,
]);

const SINCE_HELM_4 = new Set([...durationFunctions.map(([name]) => name), 'mustToYaml', 'mustToToml']);

/** The functions of each version of Helm. */
export const FUNCTIONS: Readonly<Record<HelmVersion, FunctionTable>> = {
  v3: new Map([...HELM_FUNCTIONS].filter(([name]) => !SINCE_HELM_4.has(name))),
  v4: HELM_FUNCTIONS,
};
