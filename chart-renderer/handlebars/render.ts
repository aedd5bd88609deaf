import { posix } from 'node:path';
import Handlebars from 'handlebars/dist/handlebars.js';
import type { Json } from '../../golang/json/index.ts';
import { TemplateError } from '../../golang/template/index.ts';
import type { TemplateSource } from '../environment/environment.ts';
import { isPartial, templateValue } from '../environment/environment.ts';
import { messageOf } from '../errors.ts';
import type { RenderLimits } from '../limits.ts';
import { plainOf, plainWhenRead } from './plain.ts';
import type { Helper } from './template-helpers.ts';
import { HELPERS, HelperError } from './template-helpers.ts';

type Engine = typeof Handlebars;

const SUFFIX = '.hbs';

const TOO_DEEP = 'templates or expressions are nested too deeply, or make too long a text (limit of the stack)';

/** What a prototype could give is never seen by a template, and unknown helpers are not called on data. */
const SAFE: Handlebars.RuntimeOptions = {
  allowProtoPropertiesByDefault: false,
  allowProtoMethodsByDefault: false,
  allowCallsToHelperMissing: false,
};

/**
 * Renders Handlebars templates: each `name.yaml.hbs` becomes `name.yaml`, `name.hbs` becomes `name.yaml`. Files whose names begin with `_`
 * are partials, called by their name without `_` and endings. Throws `TemplateError` with the template's name.
 */
export function renderHandlebars(templates: readonly TemplateSource[], limits: RenderLimits): Record<string, string> {
  const files: Record<string, string> = {};
  if (templates.length === 0) return files;
  const engine = createEngine(templates);
  const contexts = new Map<TemplateSource['dot'], Record<string, Json>>();
  let chars = 0;
  for (const template of templates) {
    if (!template.name.endsWith(SUFFIX) || isPartial(template.name)) continue;
    const shared = contexts.get(template.dot) ?? contextOf(template);
    contexts.set(template.dot, shared);
    const text = renderOne(engine, template, { ...shared, Template: plainOf(templateValue(template)) });
    chars += text.length;
    if (chars > limits.outputBytes) throw tooLong(template.name, limits);
    files[fileNameOf(template.name)] = text;
  }
  return files;
}

function createEngine(templates: readonly TemplateSource[]): Engine {
  const engine = Handlebars.create();
  for (const { name, file } of templates) {
    if (isPartial(name) && name.endsWith(SUFFIX)) engine.registerPartial(partialNameOf(name), file.text);
  }
  for (const [name, helper] of Object.entries(HELPERS)) engine.registerHelper(name, adapted(helper));
  engine.registerHelper('include', function (this: unknown, ...args: unknown[]) {
    return includePartial(engine, args, this);
  });
  engine.registerHelper('log', () => undefined);
  return engine;
}

function adapted(helper: Helper): Handlebars.HelperDelegate {
  return (...args: unknown[]) => helper(...(args.slice(0, -1) as Json[]));
}

/** `{{include "name" context}}` gives a partial's text to other helpers, such as nindent. */
function includePartial(engine: Engine, args: unknown[], self: unknown): string {
  const [name, context = self] = args.slice(0, -1);
  const partial: unknown =
    typeof name === 'string' && Object.hasOwn(engine.partials, name) ? engine.partials[name] : undefined;
  if (typeof partial === 'function') return String((partial as Handlebars.TemplateDelegate)(context, SAFE));
  if (typeof partial !== 'string') throw new HelperError(`include: there is no partial ${JSON.stringify(name)}`);
  return compile(engine, partial)(context, SAFE);
}

function compile(engine: Engine, text: string): Handlebars.TemplateDelegate {
  return engine.compile(text, { noEscape: true, preventIndent: false });
}

function contextOf({ dot }: TemplateSource): Record<string, Json> {
  const names = ['Values', 'Release', 'Chart'];
  const context = Object.fromEntries(names.map((name) => [name, plainOf(dot.get(name))]));
  return { ...context, Capabilities: plainWhenRead(dot.get('Capabilities')) };
}

function renderOne(engine: Engine, template: TemplateSource, context: Record<string, Json>): string {
  try {
    return compile(engine, template.file.text)(context, SAFE);
  } catch (error) {
    const code = error instanceof HelperError ? 'Execute' : codeOf(error);
    const why = error instanceof RangeError ? TOO_DEEP : messageOf(error);
    throw new TemplateError(code, `${template.name}: ${why}`, positionOf(error, template), { cause: error });
  }
}

function codeOf(error: unknown): 'Parse' | 'Execute' | 'Limit' {
  if (error instanceof RangeError) return 'Limit';
  return messageOf(error).startsWith('Parse error') ? 'Parse' : 'Execute';
}

/** Handlebars gives the line in its message or in fields of its own. */
function positionOf(error: unknown, { name, file }: TemplateSource): TemplateError['position'] {
  const fields = error as { lineNumber?: unknown; column?: unknown };
  const line = Number(fields.lineNumber ?? /on line (\d+)/.exec(messageOf(error))?.[1]);
  if (!Number.isInteger(line) || line < 1) return undefined;
  const column = typeof fields.column === 'number' ? fields.column : undefined;
  return { template: name, line, column, snippet: file.text.split('\n')[line - 1] ?? '' };
}

function partialNameOf(name: string): string {
  return posix
    .basename(name, SUFFIX)
    .slice(1)
    .replace(/\.\w+$/, '');
}

function fileNameOf(name: string): string {
  const stripped = name.slice(0, -SUFFIX.length);
  return posix.extname(stripped) === '' ? `${stripped}.yaml` : stripped;
}

function tooLong(name: string, { outputBytes }: RenderLimits): TemplateError {
  return new TemplateError('Limit', `${name}: more than ${outputBytes} characters of output (limit outputBytes)`);
}
