// Go's strings, bytes and unicode: a string as the bytes that Go counts, and the classes and cases of its characters.
// Works on text alone.
export { byBytes, byteLength, bytesOfText, piecesByBytes, sliceBytes, textOfBytes } from './bytes.ts';
export {
  isLetter,
  isLower,
  isSpace,
  isTitle,
  isUpper,
  lowerChar,
  titleChar,
  toLower,
  toUpper,
  trimSpace,
  upperChar,
  withoutSpace,
} from './runes.ts';
