/** The codes of the characters that YAML's syntax is made of. */
export const TAB = 9;
export const LINE_FEED = 10;
export const CARRIAGE_RETURN = 13;
export const SPACE = 32;
export const DOUBLE_QUOTE = 34;
export const HASH = 35;
export const PERCENT = 37;
export const AMPERSAND = 38;
export const SINGLE_QUOTE = 39;
export const ASTERISK = 42;
const COMMA = 44;
export const DASH = 45;
export const DOT = 46;
export const SLASH = 47;
export const NINE = 57;
export const COLON = 58;
export const QUESTION_MARK = 63;
export const OPENING_BRACKET = 91;
export const BACKSLASH = 92;
const CLOSING_BRACKET = 93;
export const OPENING_BRACE = 123;
export const BAR = 124;
const CLOSING_BRACE = 125;

const NEXT_LINE = 0x85;
const LINE_SEPARATOR = 0x2028;
const PARAGRAPH_SEPARATOR = 0x2029;

/** Whether the character is a space or a tab. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** Whether the character ends a line, by YAML 1.1's rules. */
export function isBreak(code: number): boolean {
  if (code < NEXT_LINE) return code === LINE_FEED || code === CARRIAGE_RETURN;
  return code === NEXT_LINE || code === LINE_SEPARATOR || code === PARAGRAPH_SEPARATOR;
}

/** As `isBreak`, or the NUL that stands for the end of the text. */
export function isBreakOrEnd(code: number): boolean {
  return code === 0 || isBreak(code);
}

/** Whether nothing of a word can be here: a blank, the end of a line or of the text. */
export function isBlankOrEnd(code: number): boolean {
  return code <= SPACE ? isBlank(code) || isBreakOrEnd(code) : isBreak(code);
}

/** Whether the character may be in the name of an anchor. */
export function isWord(code: number): boolean {
  if (code >= 97) return code <= 122;
  if (code >= 65) return code <= 90 || code === 95;
  return code === DASH || (code >= 48 && code <= 57);
}

/** Whether the character is an indicator that flow collections are made of, which ends a plain scalar within them. */
export function isFlowIndicator(code: number): boolean {
  switch (code) {
    case COMMA:
    case QUESTION_MARK:
    case OPENING_BRACKET:
    case CLOSING_BRACKET:
    case OPENING_BRACE:
    case CLOSING_BRACE:
      return true;
    default:
      return false;
  }
}
