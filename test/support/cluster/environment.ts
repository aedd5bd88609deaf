import { TestEnvironment } from 'jest-environment-node';

/** Node's environment, with the number of tests and hooks that failed in a file: Jest tells no hook whether its test did. */
export default class extends TestEnvironment {
  async handleTestEvent({ name }: { readonly name: string }): Promise<void> {
    const { failures = 0 } = this.global;
    if (name === 'test_fn_failure' || name === 'hook_failure') this.global['failures'] = Number(failures) + 1;
  }
}
