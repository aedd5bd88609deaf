import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { WAIT_OPTIONS } from '../wait.ts';
import { suspending, suspendUsage } from './suspension.ts';

/** `kubectl release resume`. */
export const usage = suspendUsage(
  'resume',
  'Makes the controller go on with releases that were suspended, and catch up on what it left undone.',
);

/** Its options, for `readArguments`. */
export const options = { ...CLUSTER_OPTIONS, ...WAIT_OPTIONS } as const;

/** Clears `spec.suspend`. */
export const run = suspending(false, options);
