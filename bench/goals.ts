const missed: string[] = [];

/** Notes a goal, with what was measured, unless it is met. */
export function judge(goal: string, isMet: boolean): void {
  if (!isMet) missed.push(goal);
}

/** Prints the goals that were missed, if any, and has the program end with 1 then. */
export function reportMissed(): void {
  for (const goal of missed) print(`over: ${goal}`);
  if (missed.length > 0) process.exitCode = 1;
}

/** Prints a line of the report. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
