import type { CallContext } from '../../golang/template/index.ts';
import { limitError } from './limits.ts';

const MAX_MS = 60_000;
const SPENT = 'cryptography';

/** Runs what is slow by design; throws a `TemplateError` of code `limit` once one execution has spent a minute on it. */
export function costly<T>(context: CallContext, work: () => T): T {
  const spentMs = (context.scratch.get(SPENT) ?? 0) as number;
  if (spentMs > MAX_MS) throw limitError(`generating keys and passwords took more than ${MAX_MS} ms`);
  const startMs = performance.now();
  const result = work();
  context.scratch.set(SPENT, spentMs + performance.now() - startMs);
  return result;
}
