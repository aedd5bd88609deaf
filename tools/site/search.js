// Runs in the reader's browser; `sections` is in search-index.js: [address, title of the page, heading, text].

/** The sections that have all words of a query, those with the words in a heading or title first; 30 at most. */
function search(sections, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const scored = [];
  for (const [address, title, heading, text] of sections) {
    const [top, body] = [`${heading} ${title}`.toLowerCase(), text.toLowerCase()];
    let score = 0;
    for (const word of words) score += top.includes(word) ? 10 : body.includes(word) ? 1 : Number.NEGATIVE_INFINITY;
    if (score > 0) scored.push({ address, title, heading, score });
  }
  return scored.sort((a, b) => b.score - a.score).slice(0, 30);
}

if (typeof document !== 'undefined') {
  const root = document.currentScript.dataset.root;
  const [field, list] = [document.getElementById('search'), document.getElementById('found')];
  field.addEventListener('input', () => {
    list.replaceChildren(
      ...search(globalThis.sections, field.value).map(({ address, title, heading }) => {
        const link = document.createElement('a');
        link.href = root + address;
        link.textContent = heading === title ? title : `${title}: ${heading}`;
        const item = document.createElement('li');
        item.append(link);
        return item;
      }),
    );
  });
}
