/** How many there are of something that takes an s: `1 object`, `2 objects`. */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
