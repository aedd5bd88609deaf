import type { FunctionTable } from '../../golang/template/index.ts';
import { certificateFunctions } from './certificates.ts';
import { dataFormatFunctions } from './data-formats.ts';
import { dateFunctions } from './dates.ts';
import { defaultFunctions } from './defaults.ts';
import { dictFunctions } from './dicts.ts';
import { encodingFunctions } from './encoding.ts';
import { hashFunctions } from './hashes.ts';
import { helmFunctions } from './helm.ts';
import { listFunctions } from './lists.ts';
import { mathFunctions } from './math.ts';
import { passwordFunctions } from './passwords.ts';
import { pathFunctions } from './paths.ts';
import { randomFunctions } from './random.ts';
import { reflectionFunctions } from './reflection.ts';
import { regexFunctions } from './regex.ts';
import { semverFunctions } from './semver.ts';
import { stringFunctions } from './strings.ts';
import { caseFunctions } from './text-case.ts';
import { urlFunctions } from './urls.ts';
import { wrapFunctions } from './wrap.ts';

/** Every function that Helm v3 gives its templates, beside those of text/template. `env` and `expandenv` are not among them. */
export const HELM_FUNCTIONS: FunctionTable = new Map([
  ...caseFunctions,
  ...certificateFunctions,
  ...dataFormatFunctions,
  ...dateFunctions,
  ...defaultFunctions,
  ...dictFunctions,
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
