import type { Scanner } from './scanner.ts';
import type { Token } from './tokens.ts';

/** What a parser takes tokens from, as of a `Scanner`. */
export type TokenStream = Pick<Scanner, 'peek' | 'skip'>;

/** How many tokens are cut in a step, which takes a few milliseconds, and in all, which take some 20 MB. */
const STEP_TOKENS = 10_000;
const MAX_TOKENS = 250_000;

/**
 * Cuts the first 250,000 tokens of a text before a parser asks for them: most of the time that reading takes goes there. The others are cut
 * when they are taken. A generator: it yields now and then, so that its caller can let others run.
 */
export function* scanAhead(scanner: Scanner): Generator<undefined, TokenStream> {
  const tokens: Token[] = [];
  const taken = (): Token => scanner.peek();
  let afterBuffer = taken;
  while (tokens.length < MAX_TOKENS && tokens.at(-1)?.type !== 'stream-end') {
    if (tokens.length > 0) scanner.skip();
    try {
      tokens.push(scanner.peek());
    } catch (error) {
      // The parser may find another error before it comes here.
      afterBuffer = () => {
        throw error;
      };
      break;
    }
    if (tokens.length % STEP_TOKENS === 0) yield;
  }
  let next = 0;
  return {
    peek: () => tokens[next] ?? afterBuffer(),
    skip: () => {
      next += 1;
      if (next >= tokens.length && afterBuffer === taken) scanner.skip();
    },
  };
}
