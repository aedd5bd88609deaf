const PIPED_INTERVAL_MS = 5000;
const TERMINAL_INTERVAL_MS = 500;

/** Where a long step says how far it is. */
export type ProgressLine = { say(text: string): void };

/**
 * Runs `action` and prints its latest word with the elapsed seconds to stderr: one line rewritten on a terminal, elsewhere a
 * new line every five seconds. A step of under a second prints nothing.
 */
export async function withProgress<T>(title: string, action: (progress: ProgressLine) => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const terminal = process.stderr.isTTY === true;
  let latest = 'starting';
  let printed = false;
  const seconds = (): string => `${Math.round((performance.now() - startedAt) / 1000)} s`;
  const print = (text: string): void => {
    printed = true;
    process.stderr.write(terminal ? `\r\u001b[2K${title}: ${text}` : `${title}: ${text}\n`);
  };
  const first = setTimeout(() => print(`${latest} (${seconds()})`), 1000);
  const timer = setInterval(
    () => print(`${latest} (${seconds()})`),
    terminal ? TERMINAL_INTERVAL_MS : PIPED_INTERVAL_MS,
  );
  const end = (word: string): void => {
    clearTimeout(first);
    clearInterval(timer);
    if (printed) print(`${word} after ${seconds()}${terminal ? '\n' : ''}`);
  };
  try {
    const result = await action({ say: (text) => (latest = text) });
    end('done');
    return result;
  } catch (error) {
    end('failed');
    throw error;
  }
}
