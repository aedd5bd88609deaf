import { Marked, type Tokens } from 'marked';

/** A heading of a page: its depth, its text, and the name by which links lead to it. */
interface Heading {
  readonly depth: number;
  readonly text: string;
  readonly id: string;
}

/** A page as HTML, with its headings. */
export interface Rendered {
  readonly html: string;
  readonly headings: readonly Heading[];
}

/** Makes HTML of a page in Markdown as GitHub writes it; `hrefOf` says where its links lead, undefined for one that leads nowhere here. */
export function render(markdown: string, hrefOf: (href: string) => string | undefined): Rendered {
  const headings: Heading[] = [];
  const taken = new Map<string, number>();
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading): string {
        const text = unescaped(this.parser.parseInline(tokens, this.parser.textRenderer));
        const id = uniqueOf(slugOf(text), taken);
        headings.push({ depth, text, id });
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link): string {
        const text = this.parser.parseInline(tokens);
        const to = hrefOf(href);
        return to === undefined ? text : `<a href="${escaped(to)}">${text}</a>`;
      },
      image({ href, text }: Tokens.Image): string {
        return `<img src="${escaped(hrefOf(href) ?? href)}" alt="${escaped(text)}">`;
      },
    },
  });
  return { html: marked.parse(markdown, { async: false }), headings };
}

/** A text within HTML, also in an attribute. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The name of a heading, as GitHub makes it. */
function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

/** The text that stands in HTML. */
export function unescaped(text: string): string {
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => names[name] ?? '');
}

function uniqueOf(slug: string, taken: Map<string, number>): string {
  const count = taken.get(slug) ?? 0;
  taken.set(slug, count + 1);
  return count === 0 ? slug : `${slug}-${count}`;
}
