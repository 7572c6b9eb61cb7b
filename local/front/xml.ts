/** Reads the small XML documents of S3: elements and text. It ignores attributes. */

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

/** The contents of all elements with a name, at any depth. It does not support an element inside another one with the same name. */
export function elements(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 'gs');
  return [...xml.matchAll(pattern)].map(([, inside = '']) => inside);
}

/** The texts of all elements with a name. */
export function texts(xml: string, name: string): string[] {
  return elements(xml, name).map(unescapeXml);
}
