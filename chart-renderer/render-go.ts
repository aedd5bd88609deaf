import { attached } from '../golang/memo/index.ts';
import {
  type ExecuteOptions,
  type FunctionTable,
  TemplateError,
  type TemplateFile,
  TemplateSet,
} from '../golang/template/index.ts';
import type { TemplateSource } from './environment/environment.ts';
import { isPartial, templateValue } from './environment/environment.ts';
import type { TemplateHost } from './functions/index.ts';
import { FUNCTIONS, TemplateFailure } from './functions/index.ts';
import { DEFAULT_HELM_VERSION, type HelmVersion } from './helm-version.ts';
import type { RenderLimits } from './limits.ts';
import { processorMs } from './processor-time.ts';
import { traceOf } from './trace.ts';

/** What Go prints for a missing value; Helm takes it out of everything that is rendered. */
const NO_VALUE = '<no value>';

/** Looked for first: finding these few characters is far quicker, and outputs can have millions. */
const NO_VALUE_START = NO_VALUE.slice(0, 6);

/** What templates made at run time are called in errors, as in Helm. */
const SET_NAME = 'gotpl';

/**
 * Renders Go templates as Helm's engine does: all are parsed into one set in the order given, then each that is not a partial is run, in
 * that order too. Throws `TemplateError` in Helm's words.
 */
export function renderGoTemplates(
  templates: readonly TemplateSource[],
  limits: RenderLimits,
  host: TemplateHost,
): Record<string, string> {
  const helmVersion = templates[0]?.helmVersion ?? DEFAULT_HELM_VERSION;
  const set = setOf(templates, FUNCTIONS[helmVersion]);
  const isTimeOver = timeLimit(limits.timeoutMs);
  const files: Record<string, string> = {};
  let charsLeft = limits.outputBytes;
  for (const template of templates) {
    const { name, dot } = template;
    if (isPartial(name)) continue;
    dot.set('Template', templateValue(template));
    const budget = { maxOutputChars: charsLeft, maxDepth: limits.depth, isTimeOver };
    const text = execute(set, template, { budget, host });
    charsLeft -= text.length;
    files[name] = withoutNoValue(text).toWellFormed();
  }
  return files;
}

/**
 * Tells whether so much processor time has passed since it was first asked, which is after a few hundred steps of one template: asking the
 * system takes up to a tenth of the time that a small chart is rendered in.
 */
function timeLimit(timeoutMs: number): () => boolean {
  let endMs: number | undefined;
  return () => {
    const nowMs = processorMs();
    endMs ??= nowMs + timeoutMs;
    return nowMs > endMs;
  };
}

function withoutNoValue(text: string): string {
  return text.includes(NO_VALUE_START) ? text.replaceAll(NO_VALUE, '') : text;
}

/** The set that was made last of templates of which a file is the first. */
const lastSetOf = attached((_first: TemplateFile): { set?: TemplateSet; files?: readonly TemplateFile[] } => ({}));

/** The templates in one set: that of the last time where the files are the same, which are a chart's and do not change. */
function setOf(templates: readonly TemplateSource[], functions: FunctionTable): TemplateSet {
  const [first] = templates;
  if (first === undefined) return new TemplateSet(SET_NAME, functions);
  const last = lastSetOf(first.file);
  if (last.set !== undefined && last.files?.length === templates.length) {
    const { set, files } = last;
    if (templates.every(({ file }, at) => file === files[at])) return set;
  }
  last.set = parseAll(templates, functions);
  last.files = templates.map(({ file }) => file);
  return last.set;
}

function parseAll(templates: readonly TemplateSource[], functions: FunctionTable): TemplateSet {
  const set = new TemplateSet(SET_NAME, functions);
  for (const { name, file } of templates) {
    try {
      set.add(file);
    } catch (error) {
      throw error instanceof TemplateError ? parseError(name, error) : error;
    }
  }
  return set;
}

/** Helm's short form: where, and the innermost cause. */
function parseError(name: string, error: TemplateError): TemplateError {
  const parts = error.message.split(': ');
  const message =
    parts.length === 1
      ? `parse error in (${name}): ${error.message}`
      : `parse error at (${parts[1] ?? ''}): ${parts.at(-1) ?? ''}`;
  return new TemplateError('Parse', message, error.position, { cause: error });
}

function execute(set: TemplateSet, { name, dot, helmVersion }: TemplateSource, options: ExecuteOptions): string {
  try {
    return set.execute(name, dot, options);
  } catch (error) {
    throw error instanceof TemplateError ? executionError(error, helmVersion) : error;
  }
}

/** What the chart's author says by `fail` and `required` stands alone; of every other error Helm 3 keeps Go's whole chain. */
function executionError(error: TemplateError, helmVersion: HelmVersion): TemplateError {
  const failure = failureIn(error);
  const location = error.message.split(': ', 2)[1] ?? '';
  const message =
    failure === undefined
      ? helmVersion === 'v4' && traceOf(error)
      : `execution error at (${location}): ${failure.message}`;
  return message ? new TemplateError(error.code, message, error.position, { cause: error }) : error;
}

function failureIn(error: unknown): TemplateFailure | undefined {
  if (error instanceof TemplateFailure) return error;
  return error instanceof Error ? failureIn(error.cause) : undefined;
}
