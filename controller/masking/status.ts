import type { ReleaseStatus } from '../../crds/index.ts';

/**
 * The status with its messages and logs masked; those that are stored already are known to be masked. A generator: it yields after each of
 * them, so that its caller can let others run.
 */
export function* maskedStatus(
  status: ReleaseStatus,
  stored: ReleaseStatus | undefined,
  mask: (text: string) => Generator<undefined, string>,
): Generator<undefined, ReleaseStatus> {
  const known = new Map(textsOf(stored ?? {}).map((text) => [text, text]));
  for (const text of textsOf(status)) {
    if (known.has(text)) continue;
    known.set(text, yield* mask(text));
    yield;
  }
  const masked = <T extends TextRow>(row: T): T =>
    row.message === undefined && row.log === undefined
      ? row
      : {
          ...row,
          ...(row.message !== undefined && { message: known.get(row.message) ?? row.message }),
          ...(row.log !== undefined && { log: known.get(row.log) ?? row.log }),
        };
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

interface TextRow {
  message?: string;
  /** It was masked when it was read, perhaps before all secrets were known. */
  log?: string;
}

function textsOf(status: ReleaseStatus): string[] {
  const { conditions = [], resources = [], hooks = [], tests, rolledBack } = status;
  const single = [status, rolledBack, tests].filter((each) => each !== undefined);
  const all: TextRow[] = [...single, ...conditions, ...resources, ...hooks, ...(tests?.results ?? [])];
  const texts: string[] = [];
  for (const { message, log } of all) {
    if (message !== undefined) texts.push(message);
    if (log !== undefined) texts.push(log);
  }
  return texts;
}
