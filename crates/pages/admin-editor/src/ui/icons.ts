// Pictures on buttons: strokes on a field of 24 by 24.

const PATHS: Record<string, string> = {
  undo: 'M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3',
  redo: 'm15 14 5-5-5-5M20 9H10a6 6 0 0 0 0 12h3',
  bold: 'M7 4h6a4 4 0 0 1 0 8H7zM7 12h7a4 4 0 0 1 0 8H7z',
  italic: 'M11 4h7M6 20h7M14.5 4l-5 16',
  underline: 'M7 4v7a5 5 0 0 0 10 0V4M5 20h14',
  strike: 'M4 12h16M16.5 7.5C16 5.500 14.200 4.500 12 4.500c-2.500 0-4.500 1.300-4.500 3.500M7.500 16c.5 2.200 2.300 3.500 4.700 3.500 2.600 0 4.600-1.400 4.600-3.700 0-1-.4-1.800-1-2.300',
  code: 'm8 7-5 5 5 5M16 7l5 5-5 5',
  link: 'M10 14a4 4 0 0 0 6 0l3.500-3.500a4.200 4.200 0 0 0-6-6L12 6M14 10a4 4 0 0 0-6 0l-3.500 3.500a4.200 4.200 0 0 0 6 6L12 18',
  more: 'M4.1 12a.9.9 0 1 0 1.8 0 .9.9 0 1 0-1.8 0M11.1 12a.9.9 0 1 0 1.8 0 .9.9 0 1 0-1.8 0M18.1 12a.9.9 0 1 0 1.8 0 .9.9 0 1 0-1.8 0',
  bulleted: 'M9 6h11M9 12h11M9 18h11M4.500 6h.01M4.500 12h.01M4.500 18h.01',
  numbered: 'M10 6h10M10 12h10M10 18h10M4 4.500 5.500 4v4.500M4 14.500c.3-1.200 2.500-1.200 2.500.2 0 1.200-2.500 1.600-2.500 3.300h2.700',
  task: 'm3.500 6 1.500 1.500L8 4.500M3.500 17l1.500 1.500 3-3M12 6h8M12 17h8',
  quote: 'M5 5v14M9 8h11M9 12h11M9 16h7',
  image: 'M4 5h16v14H4zM4 16l4.500-4.500 4 4 2.500-2.500 5 5M15.500 9.500h.01',
  table: 'M4 5h16v14H4zM4 10h16M4 14.500h16M10 5v14',
  plus: 'M12 5v14M5 12h14',
  callout: 'M12 3.500 21 19.500H3zM12 10v4M12 16.700v.01',
  divider: 'M4 12h16M8 7h8M8 17h8',
  embed: 'M4 5h16v14H4zM10 9v6l5-3z',
  footnote: 'M4 6h9M4 12h7M4 18h9M17 5l2-1.500V11',
  html: 'm7 8-4 4 4 4M17 8l4 4-4 4M14 5l-4 14',
  plugin: 'M9 4v4M15 4v4M6 8h12v4a6 6 0 0 1-12 0zM12 18v3',
  paragraph: 'M13 20V4M17 20V4M19 4h-9a4 4 0 0 0 0 8h3',
  heading: 'M6 4v16M18 4v16M6 12h12',
  highlight: 'm5 15 9-10 5 4.500L10 19H5zM4 21.500h16',
  superscript: 'm4 8 8 11M12 8 4 19M16 4.500c.3-1.200 3-1.200 3 .3 0 1.300-3 1.900-3 3.700h3.200',
  subscript: 'm4 4 8 11M12 4 4 15M16 16.500c.3-1.200 3-1.200 3 .3 0 1.300-3 1.900-3 3.700h3.200',
  clear: 'M6 4h13M12.500 4 10 13M4 20h8M15 15l5 5M20 15l-5 5',
  remove: 'M5 7h14M10 4h4M7 7l1 13h8l1-13M10 11v5M14 11v5',
  edit: 'm5 19 1-4L16.500 4.500l3 3L9 18z',
  upload: 'M12 16V4M7 9l5-5 5 5M4 16v4h16v-4',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  row_before: 'M4 13h16v7H4zM12 10V4M9 7h6',
  row_after: 'M4 4h16v7H4zM12 14v6M9 17h6',
  row_remove: 'M4 8.500h16v7H4zM9 12h6',
  column_before: 'M13 4h7v16h-7zM10 12H4M7 9v6',
  column_after: 'M4 4h7v16H4zM14 12h6M17 9v6',
  column_remove: 'M8.500 4h7v16h-7zM12 9v6',
  header_row: 'M4 5h16v5H4zM4 10v9h16v-9M10 10v9M15 10v9M5 7.500h14',
  left: 'M4 6h16M4 12h10M4 18h13',
  center: 'M4 6h16M7 12h10M5.500 18h13',
  right: 'M4 6h16M10 12h10M7 18h13',
  chevron: 'm7 10 5 5 5-5',
};

/** Pictures that point along the line of text, and turn with it. */
const TURNING = new Set(['undo', 'redo', 'bulleted', 'numbered', 'task', 'quote', 'column_before', 'column_after', 'footnote']);

export function icon(name: string): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', TURNING.has(name) ? 'editor-icon editor-icon-turns' : 'editor-icon');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name] ?? PATHS.plugin!);
  svg.append(path);
  return svg;
}
