/** As much of XML as S3's own small documents are made of: elements without attributes that matter, and text. */

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (one) => {
    const [name] = Object.entries(ENTITIES).find(([, letter]) => letter === one) ?? [];
    return `&${name};`;
  });
}

export function unescapeXml(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return ENTITIES[name] ?? all;
  });
}

/** The insides of all elements of a name, at any depth; an element inside one of its own name is not told apart. */
export function elements(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 'gs');
  return [...xml.matchAll(pattern)].map(([, inside = '']) => inside);
}

/** The texts of all elements of a name. */
export function texts(xml: string, name: string): string[] {
  return elements(xml, name).map(unescapeXml);
}
