/** The addresses of images in HTML that have no `alt`. An empty one is a choice: the image is an ornament. */
export function nameless(html: string): string[] {
  const found: string[] = [];
  const small = html.toLowerCase();
  for (let at = small.indexOf("<img"); at >= 0; ) {
    const end = small.indexOf(">", at);
    const tag = html.slice(at, end < 0 ? undefined : end);
    if (/^<img[\s/]/i.test(`${tag} `) && !/[\s"'/]alt\s*=/i.test(tag)) {
      found.push(/[\s"'/]src\s*=\s*["']?([^"'\s>]*)/i.exec(tag)?.[1] ?? "");
    }
    if (end < 0) break;
    at = small.indexOf("<img", end);
  }
  return found;
}
