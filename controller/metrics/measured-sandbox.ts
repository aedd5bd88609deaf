import { ChartError, type Sandbox } from '../../chart-renderer/index.ts';

/** What is reported of charts that are loaded and rendered. */
export interface RenderObserver {
  /** A rendering succeeded. */
  rendered(seconds: number): void;
  /** A chart crossed a limit, and was refused or stopped. */
  stopped(limit: string): void;
}

/** The sandbox; it tells `observer` what becomes of charts. */
export function measuredSandbox(sandbox: Sandbox, observer: RenderObserver): Sandbox {
  const watched = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof ChartError && error.limit) observer.stopped(error.limit.name);
      throw error;
    }
  };
  return {
    inspect: (...asked) => watched(sandbox.inspect(...asked)),
    read: (...asked) => watched(sandbox.read(...asked)),
    render: async (...asked) => {
      const beganAt = performance.now();
      const rendering = await watched(sandbox.render(...asked));
      observer.rendered((performance.now() - beganAt) / 1000);
      return rendering;
    },
    close: () => sandbox.close(),
  };
}
