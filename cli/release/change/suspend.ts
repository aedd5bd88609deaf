import { CLUSTER_OPTIONS } from '../../cluster-options.ts';
import { suspending, suspendUsage } from './suspension.ts';

/** `kubectl release suspend`. */
export const usage = suspendUsage(
  'suspend',
  'Makes the controller leave releases as they are: it makes no version and corrects no drift.',
);

/** Its options, for `readArguments`. */
export const options = CLUSTER_OPTIONS;

/** Sets `spec.suspend`. */
export const run = suspending(true, options);
