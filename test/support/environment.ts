import { TestEnvironment } from 'jest-environment-node';

/** When no more files are begun, in seconds since 1970: `.ci/run` has to end in time on slow machines too. */
const UNTIL = Number(process.env['TESTS_UNTIL'] ?? Infinity);

/** What of Jest's state is needed here. */
interface State {
  readonly rootDescribeBlock: Block;
}

interface Block {
  readonly children: readonly (
    { readonly type: 'test'; mode?: string | null; name: string } | (Block & { readonly type: 'describeBlock' })
  )[];
}

/**
 * Node's environment, with the number of tests and hooks that failed in a file, as Jest tells no hook whether its test did; and all tests of a
 * file are skipped for which no time is left.
 */
export default class extends TestEnvironment {
  async handleTestEvent({ name }: { readonly name: string }, { rootDescribeBlock }: State): Promise<void> {
    if (name === 'run_start' && Date.now() / 1_000 > UNTIL) skipAll(rootDescribeBlock);
    const { failures = 0 } = this.global;
    if (name === 'test_fn_failure' || name === 'hook_failure') this.global['failures'] = Number(failures) + 1;
  }
}

/** Hooks of skipped tests do not run. */
function skipAll({ children }: Block): void {
  for (const child of children) {
    if (child.type === 'describeBlock') skipAll(child);
    else Object.assign(child, { mode: 'skip', name: `${child.name} (skipped: no time was left)` });
  }
}
