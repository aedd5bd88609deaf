import { suspending, suspendUsage } from './suspension.ts';

/** `kubectl release resume`. */
export const usage = suspendUsage(
  'resume',
  'Has the controller go on with releases that were suspended, and make up for what it left.',
);

/** Clears `spec.suspend`. */
export const run = suspending(false);
