import { isJsonObject } from '../../golang/json/index.ts';
import { fromJson, GoInt, type Value } from '../../golang/reflect/index.ts';
import { quote } from '../../golang/strconv/index.ts';
import { define, defineContextual, definePlaced, TemplateError } from '../../golang/template/index.ts';
import type { FunctionEntries } from './entries.ts';
import { hostOf } from './host.ts';
import { TemplateFailure } from './template-failure.ts';

/** What Go prints for a missing value, which Helm takes out of what `tpl` returns. */
const NO_VALUE = '<no value>';

const include = definePlaced(['string', 'any'], (site) => (context, name, dot) => context.execute(name, dot, site));

const tpl = definePlaced(['string', 'any'], (site) => (context, text, dot) => {
  try {
    const output = context.render(text, dot, site);
    return output.includes(NO_VALUE) ? output.replaceAll(NO_VALUE, '') : output;
  } catch (error) {
    throw error instanceof TemplateError && error.code !== 'Limit' ? renderError(text, error) : error;
  }
});

function renderError(text: string, error: TemplateError): TemplateError {
  const what = error.code === 'Parse' ? 'cannot parse template' : 'error during tpl function execution for';
  return new TemplateError(error.code, `${what} ${quote(text)}: ${error.message}`, error.position, { cause: error });
}

const required = define(['string', 'any'], (message, value) => {
  if (value === null || value === '') throw new TemplateFailure(message);
  return value;
});

const fail = define(['string'], (message) => {
  throw new TemplateFailure(message);
});

const lookup = defineContextual(
  ['string', 'string', 'string', 'string'],
  (context, apiVersion, kind, namespace, name) => {
    const found = hostOf(context).lookup?.(apiVersion, kind, namespace, name) ?? null;
    return found === null ? new Map() : fromApi(found);
  },
);

/** Client-go decodes whole numbers of the API to int64, unlike those of values. */
function fromApi(json: unknown): Value {
  if (typeof json === 'bigint') return new GoInt('int64', json);
  if (typeof json === 'number') return Number.isSafeInteger(json) ? new GoInt('int64', BigInt(json)) : json;
  if (Array.isArray(json)) return json.map(fromApi);
  return isJsonObject(json) ? new Map(Object.entries(json).map(([key, item]) => [key, fromApi(item)])) : fromJson(json);
}

const getHostByName = defineContextual(['string'], (context, name) => hostOf(context).resolveHost?.(name) ?? '');

/** Helm's functions that run templates, stop them or ask the cluster. */
export const helmFunctions: FunctionEntries = [
  ['include', include],
  ['tpl', tpl],
  ['required', required],
  ['fail', fail],
  ['lookup', lookup],
  ['getHostByName', getHostByName],
];
