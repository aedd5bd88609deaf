import type { ReleaseStatus } from '../../crds/index.ts';

/**
 * The status with its messages masked; those that are stored already are known to be masked. A generator: it yields after each message, so
 * that its caller can let others run.
 */
export function* maskedStatus(
  status: ReleaseStatus,
  stored: ReleaseStatus | undefined,
  mask: (text: string) => Generator<undefined, string>,
): Generator<undefined, ReleaseStatus> {
  const known = new Map(messagesOf(stored ?? {}).map((message) => [message, message]));
  for (const message of messagesOf(status)) {
    if (known.has(message)) continue;
    known.set(message, yield* mask(message));
    yield;
  }
  const masked = <T extends { message?: string }>(row: T): T =>
    row.message === undefined ? row : { ...row, message: known.get(row.message) ?? row.message };
  const { conditions, resources, hooks, tests, rolledBack } = status;
  return {
    ...masked(status),
    ...(conditions && { conditions: conditions.map(masked) }),
    ...(resources && { resources: resources.map(masked) }),
    ...(hooks && { hooks: hooks.map(masked) }),
    ...(tests && { tests: { ...masked(tests), results: tests.results.map(masked) } }),
    ...(rolledBack && { rolledBack: masked(rolledBack) }),
  };
}

function messagesOf(status: ReleaseStatus): string[] {
  const { conditions = [], resources = [], hooks = [], tests, rolledBack } = status;
  const single = [status, rolledBack, tests].filter((each) => each !== undefined);
  return [...single, ...conditions, ...resources, ...hooks, ...(tests?.results ?? [])].flatMap(
    ({ message }) => message ?? [],
  );
}
