/** Characters of a piece, unless a single item has more: some ten milliseconds to parse. */
const PIECE_CHARS = 64 * 1024;

const FIRST_ITEM = /^( *)-(?: |\r?$)/m;

/**
 * The part of an index about one chart (see `partOfIndex`) in pieces: each is such a part, with some of the items of the list. Where YAML
 * says that an item begins depends on nothing but its indentation, as `helm repo index` lays out a list: inside an item all lines are
 * further to the right.
 */
export function* piecesOf(part: string): Generator<string> {
  const first = FIRST_ITEM.exec(part);
  if (first === null) return yield part;
  const head = part.slice(0, first.index);
  const dash = `\n${first[1]}-`;
  for (let start = first.index; start < part.length;) {
    const next = part.indexOf(dash, start + PIECE_CHARS);
    const end = next === -1 ? part.length : next + 1;
    yield head + part.slice(start, end);
    start = end;
  }
}
