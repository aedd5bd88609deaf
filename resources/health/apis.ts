import { textAt } from '../json/json.ts';
import type { KubeObject } from '../types.ts';
import type { Verdict } from './verdict.ts';
import { conditionOf, GREEN, red, reasonAndMessage, yellow } from './verdict.ts';

/** CustomResourceDefinition: established, and nobody else has its names. */
export function definitionHealth(definition: KubeObject): Verdict {
  const named = conditionOf(definition, 'NamesAccepted');
  if (named?.status === 'False') return red(reasonAndMessage(named));
  return conditionOf(definition, 'Established')?.status === 'True' ? GREEN : yellow('is not established yet');
}

/** APIService: the server behind it answers. */
export function apiServiceHealth(service: KubeObject): Verdict {
  const available = conditionOf(service, 'Available');
  if (available?.status === 'True') return GREEN;
  return yellow(available === undefined ? 'has no status yet' : reasonAndMessage(available));
}

/** Namespace: active. */
export function namespaceHealth(namespace: KubeObject): Verdict {
  return textAt(namespace, 'status', 'phase') === 'Terminating' ? yellow('is being deleted') : GREEN;
}
