/** How many letters may differ: one of a short word, and no more than three. */
function toleranceOf(word: string): number {
  return Math.min(3, Math.max(1, Math.round(word.length / 3)));
}

/** The word that one was probably meant to be: that with the fewest letters to change, or that it begins; undefined where none is near. */
export function nearestOf(word: string, words: Iterable<string>): string | undefined {
  const all = [...words];
  const near = all
    .map((each) => ({ each, distance: distanceBetween(word, each) }))
    .filter(({ distance }) => distance <= toleranceOf(word))
    .toSorted((a, b) => a.distance - b.distance);
  const begun = all.filter((each) => word.length > 1 && each.startsWith(word));
  return near[0]?.each ?? (begun.length === 1 ? begun[0] : undefined);
}

/** How many letters have to be inserted, left out, replaced, or swapped with their neighbours. */
function distanceBetween(a: string, b: string): number {
  let older: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const ways = [at(row, j - 1) + 1, at(last, j) + 1, at(last, j - 1) + (isSame ? 0 : 1)];
      row.push(Math.min(...ways, isSwapped ? at(older, j - 2) + 1 : Infinity));
    }
    older = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
