/** What tells a line from the others. */
export interface Keyed {
  readonly key: string;
}

/** How high lines are: as measured or, before they were drawn, as guessed; in pixels. */
export class LineHeights<Line extends Keyed> {
  readonly #guess: (line: Line) => number;
  readonly #measured = new Map<string, number>();
  readonly #settled = new Set<string>();

  constructor(guess: (line: Line) => number) {
    this.#guess = guess;
  }

  of(line: Line): number {
    return this.#measured.get(line.key) ?? this.#guess(line);
  }

  /**
   * Takes the heights of lines as they are drawn, and says whether any is another than was thought. Each counts once until `unsettle`: in a table,
   * heights depend on which other lines are drawn, and would go back and forth.
   */
  correct(lines: readonly Line[], measure: (index: number) => number | undefined): boolean {
    let isOff = false;
    for (const [index, line] of lines.entries()) {
      if (this.#settled.has(line.key)) continue;
      const height = measure(index);
      if (height === undefined) continue;
      isOff ||= Math.abs(height - this.of(line)) > 0.5;
      this.#measured.set(line.key, height);
      this.#settled.add(line.key);
    }
    return isOff;
  }

  /** Lines are measured again, as they have changed. */
  unsettle(): void {
    this.#settled.clear();
  }
}
