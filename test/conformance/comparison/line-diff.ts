const MAX_EDITS = 2000;

/** For each line of `left` the line of `right` that it is paired with in a shortest edit script, or -1. */
export function pairLines(left: readonly string[], right: readonly string[]): number[] {
  const pairs = left.map(() => -1);
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) pairs[start] = start++;
  let leftEnd = left.length;
  let rightEnd = right.length;
  while (leftEnd > start && rightEnd > start && left[leftEnd - 1] === right[rightEnd - 1])
    pairs[--leftEnd] = --rightEnd;
  for (const [i, j] of pairsOf(left.slice(start, leftEnd), right.slice(start, rightEnd))) pairs[start + i] = start + j;
  return pairs;
}

/** How far each diagonal (left offset minus right offset) got, as an offset into the left text. */
type Reach = ReadonlyMap<number, number>;

/** The pairs that Myers' greedy algorithm finds; none where the texts have too little in common. */
function pairsOf(left: readonly string[], right: readonly string[]): [number, number][] {
  const reaches: Reach[] = [];
  let reach: Reach = new Map([[1, 0]]);
  for (let edits = 0; edits <= Math.min(left.length + right.length, MAX_EDITS); edits++) {
    reaches.push(reach);
    const next = new Map(reach);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = stepOnto(reach, diagonal, edits).x;
      while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= left.length && x - diagonal >= right.length) return walkBack(reaches, left.length, right.length);
    }
    reach = next;
  }
  return [];
}

/** How an edit comes onto a diagonal: where it arrives, and the diagonal it leaves. */
function stepOnto(reach: Reach, diagonal: number, edits: number): { readonly x: number; readonly from: number } {
  const above = reach.get(diagonal + 1) ?? -1;
  const beside = reach.get(diagonal - 1) ?? -1;
  const inserts = diagonal === -edits || (diagonal !== edits && beside < above);
  return inserts ? { x: above, from: diagonal + 1 } : { x: beside + 1, from: diagonal - 1 };
}

function walkBack(reaches: readonly Reach[], leftEnd: number, rightEnd: number): [number, number][] {
  const pairs: [number, number][] = [];
  let x = leftEnd;
  let diagonal = leftEnd - rightEnd;
  for (const [edits, reach] of [...reaches.entries()].reverse()) {
    const step = stepOnto(reach, diagonal, edits);
    while (x > step.x) {
      x--;
      pairs.push([x, x - diagonal]);
    }
    x = reach.get(step.from) ?? 0;
    diagonal = step.from;
  }
  return pairs;
}
