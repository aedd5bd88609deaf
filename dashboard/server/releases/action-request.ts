import type { Action, ActionRequest } from '../../api/index.ts';
import { HttpError } from '../http/answers.ts';

type Fields = Readonly<Record<string, 'string' | 'number' | 'boolean' | 'string?'>>;

const ACTIONS: Readonly<Record<Action['do'], Fields>> = {
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
export function actionRequestOf(body: unknown): ActionRequest {
  const { action, generation } = isObject(body) ? body : {};
  if (!isObject(action)) throw wrong('an action is missing');
  const name = typeof action['do'] === 'string' ? action['do'] : '';
  const fields = Object.hasOwn(ACTIONS, name) ? ACTIONS[name as Action['do']] : undefined;
  if (fields === undefined) throw wrong(`"${name}" is not an action`);
  for (const [field, type] of Object.entries(fields)) check(name, field, type, action[field]);
  const known = Object.entries(action).filter(
    ([field, value]) => (field === 'do' || field in fields) && value !== undefined,
  );
  return {
    action: checked(Object.fromEntries(known) as Action),
    ...(typeof generation === 'number' && { generation }),
  };
}

function check(action: string, field: string, type: Fields[string], value: unknown): void {
  const isLeftOut = type === 'string?' && value === undefined;
  if (!isLeftOut && typeof value !== type.replace('?', ''))
    throw wrong(`${field} of ${action} has to be a ${type.replace('?', '')}`);
}

/** What the words of a command line could be taken for something else with. */
function checked(action: Action): Action {
  if (action.do === 'rollback' && !(Number.isSafeInteger(action.version) && action.version > 0))
    throw wrong('there is no such version');
  if (action.do === 'edit' && action.values === undefined && action.chartVersion === undefined)
    throw wrong('nothing is changed');
  if (action.do !== 'install') return action;
  if (!/^(oci|https?):\/\/[^\s/]/.test(action.registry))
    throw wrong('a registry is oci://HOST/SPACE or https://HOST/PATH');
  if (!/^[a-zA-Z0-9][\w./-]*$/.test(action.chart)) throw wrong('this cannot be the name of a chart');
  return action;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(message: string): HttpError {
  return new HttpError(400, 'BadRequest', message);
}
