const MAX_RESULTS = 512;
const MAX_CHARS = 1000;
const MAX_SIZE = 100_000;

/**
 * The function with its recent results kept by the text that it made them of: at most 512, none of texts of more than 1000
 * characters, and together of no more than 100,000 by `sizeOf`, which counts each as 1 by default. What it makes must not be changed;
 * what it throws is thrown anew.
 */
export function memoized<T>(make: (text: string) => T, sizeOf: (result: T) => number = () => 1): (text: string) => T {
  const results = new Map<string, T>();
  let total = 0;
  return (text) => {
    const known = results.get(text);
    if (known !== undefined || text.length > MAX_CHARS) return known ?? make(text);
    const result = make(text);
    const size = sizeOf(result);
    if (size > MAX_SIZE) return result;
    if (results.size >= MAX_RESULTS || total + size > MAX_SIZE) {
      results.clear();
      total = 0;
    }
    results.set(text, result);
    total += size;
    return result;
  };
}
