import type { Deed, DeedRequest } from '../../api/index.ts';
import { HttpError } from '../http/answers.ts';

type Fields = Readonly<Record<string, 'string' | 'number' | 'boolean' | 'string?'>>;

const DEEDS: Readonly<Record<Deed['do'], Fields>> = {
  rollback: { version: 'number' },
  approve: { plan: 'string' },
  edit: { values: 'string?', chartVersion: 'string?' },
  suspend: {},
  resume: {},
  reconcile: { rerunHooks: 'boolean' },
  delete: {},
  install: {
    registry: 'string',
    chart: 'string',
    chartVersion: 'string?',
    values: 'string?',
    serviceAccount: 'string?',
  },
};

/** What a page asks to be done, nothing else in it; throws HttpError BadRequest. */
export function deedRequestOf(body: unknown): DeedRequest {
  const { deed, generation } = isObject(body) ? body : {};
  if (!isObject(deed)) throw wrong('an action is missing');
  const name = typeof deed['do'] === 'string' ? deed['do'] : '';
  const fields = Object.hasOwn(DEEDS, name) ? DEEDS[name as Deed['do']] : undefined;
  if (fields === undefined) throw wrong(`"${name}" is not an action`);
  for (const [field, type] of Object.entries(fields)) check(name, field, type, deed[field]);
  const known = Object.entries(deed).filter(
    ([field, value]) => (field === 'do' || field in fields) && value !== undefined,
  );
  return {
    deed: checked(Object.fromEntries(known) as Deed),
    ...(typeof generation === 'number' && { generation }),
  };
}

function check(deed: string, field: string, type: Fields[string], value: unknown): void {
  const isLeftOut = type === 'string?' && value === undefined;
  if (!isLeftOut && typeof value !== type.replace('?', ''))
    throw wrong(`${field} of ${deed} has to be a ${type.replace('?', '')}`);
}

/** What the words of a command line could be taken for something else with. */
function checked(deed: Deed): Deed {
  if (deed.do === 'rollback' && !(Number.isSafeInteger(deed.version) && deed.version > 0))
    throw wrong('there is no such version');
  if (deed.do === 'edit' && deed.values === undefined && deed.chartVersion === undefined)
    throw wrong('nothing is changed');
  if (deed.do !== 'install') return deed;
  if (!/^(oci|https?):\/\/[^\s/]/.test(deed.registry))
    throw wrong('a registry is oci://HOST/SPACE or https://HOST/PATH');
  if (!/^[a-zA-Z0-9][\w./-]*$/.test(deed.chart)) throw wrong('this cannot be the name of a chart');
  return deed;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(message: string): HttpError {
  return new HttpError(400, 'BadRequest', message);
}
