import { suspending, suspendUsage } from './suspension.ts';

/** `kubectl release resume`. */
export const usage = suspendUsage(
  'resume',
  'Makes the controller go on with releases that were suspended, and catch up on what it left undone.',
);

/** Clears `spec.suspend`. */
export const run = suspending(false);
