/** What one rendering may cost; whatever is left out has the value of `RENDER_LIMITS`. */
export interface RenderLimits {
  /** Milliseconds that this process may work at rendering all templates of the chart. */
  readonly timeoutMs: number;
  /** Characters that all templates together may write. */
  readonly outputBytes: number;
  /** How deep templates may call each other. */
  readonly depth: number;
  /** Documents that the rendered files may hold together. */
  readonly documents: number;
}

/** The limits in force when a caller names none. */
export const RENDER_LIMITS: RenderLimits = {
  timeoutMs: 10_000,
  outputBytes: 32 * 1024 * 1024,
  depth: 1000,
  documents: 20_000,
};
