// Long work in turns of the event loop: others run between its steps, and what is soon done waits for one step of what is not.
// It imports nothing, and knows nothing of what the work is.
export { inTurn, inTurns, metered, othersHaveRun } from './event-loop-turns.ts';
