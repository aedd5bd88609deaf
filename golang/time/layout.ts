import { memoized } from '../memo/index.ts';

/** The elements of Go's layouts, in the order in which they are looked for. */
const ELEMENT =
  /January|Jan|Monday|Mon|MST|2006|(?<![0-9])__2|_2006|_2|002|01|02|03|04|05|06|15|Z07:00:00|Z070000|Z07:00|Z0700|Z07|-07:00:00|-070000|-07:00|-0700|-07|[.,]0+(?![0-9])|[.,]9+(?![0-9])|PM|pm|1|2|3|4|5/g;

/** One part of a layout: an element, or text that stands for itself. */
export interface LayoutPart {
  readonly kind: 'element' | 'text';
  readonly text: string;
}

/** The parts of a layout of Go's time package. */
export const layoutParts = memoized((layout: string): readonly LayoutPart[] => {
  const parts: LayoutPart[] = [];
  let from = 0;
  for (const match of layout.matchAll(ELEMENT)) {
    if (!isElement(layout, match.index, match[0])) continue;
    if (match.index > from) parts.push({ kind: 'text', text: layout.slice(from, match.index) });
    if (match[0] === '_2006') parts.push({ kind: 'text', text: '_' }, { kind: 'element', text: '2006' });
    else parts.push({ kind: 'element', text: match[0] });
    from = match.index + match[0].length;
  }
  if (from < layout.length) parts.push({ kind: 'text', text: layout.slice(from) });
  return parts;
});

/** Jan and Mon count only where no lower case letter follows: Janet is no month. */
function isElement(layout: string, at: number, element: string): boolean {
  return !/^(?:Jan|Mon)$/.test(element) || !/^[a-z]/.test(layout.slice(at + element.length));
}

export const MONTHS: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export const WEEKDAYS: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];
