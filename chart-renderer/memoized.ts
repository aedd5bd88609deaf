const MAX_RESULTS = 512;
const MAX_CHARS = 1000;

/**
 * The function with its recent results kept by the text that it made them of: at most 512, and none of texts of more than 1000
 * characters. What it makes must not be changed; what it throws is thrown anew.
 */
export function memoized<T>(make: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined || text.length > MAX_CHARS) return known ?? make(text);
    const result = make(text);
    if (results.size >= MAX_RESULTS) results.clear();
    results.set(text, result);
    return result;
  };
}
