const missed: string[] = [];

/** Reports a goal, with what was measured, if it is missed. */
export function judge(goal: string, isMet: boolean): void {
  if (!isMet) missed.push(goal);
}

/** Prints the goals that were missed, if any, and then has the program exit with code 1. */
export function reportMissed(): void {
  for (const goal of missed) print(`over: ${goal}`);
  if (missed.length > 0) process.exitCode = 1;
}

/** Prints a line of the report. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
