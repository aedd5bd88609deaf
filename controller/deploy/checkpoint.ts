import type { TestRun } from '../../crds/index.ts';
import type { Observed } from '../pass/observed.ts';
import type { Scope } from '../plan/scope.ts';
import { progressOf, type Progress } from '../status/progress.ts';
import { report } from '../status/report.ts';
import type { StatusServices } from '../status/services.ts';
import { writeTests } from '../status/status.ts';

/** Stores how far a deploy has come, before each step that must not be taken unless that is stored. A restart goes on from there. */
export class Checkpoint {
  readonly #services: StatusServices;
  readonly #scope: Scope;
  #observed: Observed;

  constructor(services: StatusServices, observed: Observed, scope: Scope) {
    this.#services = services;
    this.#scope = scope;
    this.#observed = observed;
  }

  /** The Release as last stored. */
  get observed(): Observed {
    return this.#observed;
  }

  /** The progress that is stored. */
  get progress(): Progress {
    return progressOf(this.#observed.release.status);
  }

  /** Stores a progress, at once. Throws KubeError. */
  async store(progress: Progress): Promise<void> {
    const findings = { progress, scope: this.#scope, failure: undefined };
    const { release } = await report(this.#services, this.#observed, findings, 'now');
    this.#observed = { ...this.#observed, release };
  }

  /** Stores how far tests have come, at once, and leaves the rest of the status as it is stored. Throws KubeError. */
  async storeTests(tests: TestRun | undefined): Promise<void> {
    const release = await writeTests(this.#services, this.#observed, tests);
    this.#observed = { ...this.#observed, release };
  }
}
